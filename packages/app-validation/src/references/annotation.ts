import type { Column, Comment } from '../prisma-schema/schema.ts'
import { isReferentialAction, type ReferentialAction, referentialActions } from './action.ts'

/** The target as it is written: the schema is needed only where two schemas have a table of that name. */
export interface WrittenTarget {
  readonly database: string
  readonly schema: string | null
  readonly table: string
  readonly column: string
}

/** What one comment line says. Lines without an annotation give undefined. */
export type Annotation =
  | { readonly kind: 'reference'; readonly target: WrittenTarget; readonly onDelete: ReferentialAction }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown action'; readonly action: string }
  | { readonly kind: 'malformed'; readonly problem: string }

/** The two forms, for messages. */
export const annotationForms =
  '@reference(database.table.column, onDelete: Cascade | SetNull | Restrict | Keep) or @reference(none)'

/** Whether a comment tries to be an annotation: prose may speak of references, and even of @reference. */
export const mentionsAnnotation = ({ text }: Comment): boolean =>
  /^\s*@references?\b/i.test(text) || /@references?\s*\(/i.test(text)

/** What the documentation of a column says to people: without its annotation. */
export const commentOf = ({ documentation }: Pick<Column, 'documentation'>): string =>
  documentation
    .filter((comment) => !mentionsAnnotation(comment))
    .map(({ text }) => text.trim())
    .join(' ')

export function parseAnnotation(comment: Comment): Annotation | undefined {
  if (!mentionsAnnotation(comment)) return undefined
  const body = /^@reference\((.*)\)$/.exec(comment.text.trim())?.[1]
  if (body === undefined) return malformed('It has to be alone on its line, and spelled exactly so.')
  const [target = '', option, ...rest] = body.split(',').map((part) => part.trim())
  if (rest.length > 0) return malformed('It has more than a target and an action.')
  if (target === 'none') {
    return option === undefined ? { kind: 'none' } : malformed('Nothing can follow `none`.')
  }
  const written = parseTarget(target)
  if (written === undefined) return malformed(`\`${target}\` isn't database.table.column.`)
  return parseOption(option, written)
}

function parseTarget(text: string): WrittenTarget | undefined {
  const parts = text.split('.')
  if (!parts.every((part) => /^[A-Za-z_][\w$-]*$/.test(part))) return undefined
  const [first, second, third, fourth] = parts
  if (first === undefined || second === undefined || third === undefined) return undefined
  if (parts.length > 4) return undefined
  return fourth === undefined
    ? { database: first, schema: null, table: second, column: third }
    : { database: first, schema: second, table: third, column: fourth }
}

function parseOption(option: string | undefined, target: WrittenTarget): Annotation {
  if (option === undefined) return malformed('It doesn’t say what happens on delete.')
  const action = /^onDelete:\s*(\S+)$/.exec(option)?.[1]
  if (action === undefined)
    return malformed(`\`${option}\` isn’t onDelete: ${referentialActions.join(' | ')}.`)
  return isReferentialAction(action)
    ? { kind: 'reference', target, onDelete: action }
    : { kind: 'unknown action', action }
}

const malformed = (problem: string): Annotation => ({ kind: 'malformed', problem })

import { targetIsRange, targetMalformed } from './failures.ts'

/** A fixed point of a history. `current` is where the database stands. */
export type Anchor =
  | { readonly kind: 'base' | 'current' | 'head' | 'heads' }
  | { readonly kind: 'revision'; readonly id: string }

/** Which revision is meant: an anchor, and steps up (+) or down (-) from it. */
export interface RevisionTarget {
  /** As it was typed, for messages. */
  readonly text: string
  /** The database's name, when the text says one. */
  readonly database?: string
  /** What stands after the database's name: `005`, `head`, `+2`. */
  readonly word: string
  /** Without one, the steps begin where the database stands. */
  readonly anchor?: Anchor
  readonly steps?: number
}

/** From one revision up to another. */
export interface RevisionRange {
  readonly from: RevisionTarget
  readonly to: RevisionTarget
}

/** The name of the database that a name or label means. @throws `database.unknown` */
export type NameDatabase = (nameOrLabel: string) => string

const relative = /^(.*?)([+-]\d+)$/

/**
 * Parses Alembic's words: `head`, `heads`, `base`, `current`, `005`, a unique beginning of a longer id, `+2`,
 * `-1`, `005+2`, `head-1`, and each of these as `NAME@…`. Databases stand where Alembic has branch labels.
 * @throws `target.malformed`, `target.is-range`, and what `nameDatabase` throws
 */
export function parseTarget(text: string, nameDatabase: NameDatabase): RevisionTarget {
  if (text.includes(':')) throw targetIsRange({ range: text })
  const at = text.lastIndexOf('@')
  const [name, word] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)]
  if (word === '' || at === 0 || /\s/.test(text)) throw targetMalformed({ target: text })
  const [, before, steps] = relative.exec(word) ?? []
  const anchor = steps === undefined ? word : before
  if (!anchor && Number(steps) === 0) throw targetMalformed({ target: text })
  return {
    text,
    word,
    ...(at > 0 && { database: nameDatabase(name) }),
    ...(anchor && { anchor: makeAnchor(anchor) }),
    ...(steps !== undefined && { steps: Number(steps) }),
  }
}

/** Parses `A:B`, `A:` (up to the heads) and `:B` (from base on). */
export function parseRange(text: string, nameDatabase: NameDatabase): RevisionRange {
  const [from, to, ...more] = text.split(':')
  if (from === undefined || to === undefined || more.length > 0) throw targetMalformed({ target: text })
  return {
    from: from === '' ? toBase : parseTarget(from, nameDatabase),
    to: to === '' ? toHeads : parseTarget(to, nameDatabase),
  }
}

export const toBase: RevisionTarget = { text: 'base', word: 'base', anchor: { kind: 'base' } }
export const toHead: RevisionTarget = { text: 'head', word: 'head', anchor: { kind: 'head' } }
export const toHeads: RevisionTarget = { text: 'heads', word: 'heads', anchor: { kind: 'heads' } }
export const oneDown: RevisionTarget = { text: '-1', word: '-1', steps: -1 }

/** Whether a target means something else for each state of the ledger. */
export const asksLedger = ({ anchor }: RevisionTarget): boolean => !anchor || anchor.kind === 'current'

function makeAnchor(word: string): Anchor {
  switch (word) {
    case 'base':
    case 'current':
    case 'head':
    case 'heads':
      return { kind: word }
    default:
      return { kind: 'revision', id: word }
  }
}

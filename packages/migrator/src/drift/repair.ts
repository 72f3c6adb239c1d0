import { type DatabaseObject, describeObject, objectKinds } from '../snapshot/object.ts'
import type { Difference } from './compare.ts'
import { addColumn, changeColumn, columnSql } from './repair-column.ts'
import { changeEnum } from './repair-enum.ts'
import { changeGrants, grantAll } from './repair-grants.ts'

/** Statements that bring a live database back to its history, in an order that holds. */
export interface Repair {
  readonly statements: readonly string[]
  /** What no statement was found for: that is left to a person. */
  readonly byHand: readonly { readonly object: string; readonly reason: string }[]
}

/** What is dropped and made again when it changes. */
const remade: ReadonlySet<string> = new Set([
  'constraint',
  'index',
  'view',
  'trigger',
  'rule',
  'policy',
  'statistics',
])

/**
 * Generates the way back.
 * @param expected all that the history makes: what is remade gets its comments again
 */
export function repair(differences: readonly Difference[], expected: readonly DatabaseObject[] = []): Repair {
  const byHand: { object: string; reason: string }[] = []
  const leave = (object: DatabaseObject, reason: string) => {
    byHand.push({ object: describeObject(object), reason })
  }
  const added = differences.filter((difference) => difference.kind === 'added')
  const removed = differences.filter((difference) => difference.kind === 'removed')
  const changed = differences.filter((difference) => difference.kind === 'changed')
  const goes = new Set(added.filter(({ object }) => isWhole(object)).map(({ object }) => object.name))
  const comes = new Set(removed.filter(({ object }) => isWhole(object)).map(({ object }) => object.name))
  const again = changed.filter(({ object, live }) => remade.has(object.kind) && sqlDiffers(object, live))

  const drops = [
    ...added.filter(
      ({ object }) => object.parent === null || !goes.has(object.parent) || isForeignKey(object),
    ),
    ...again.map(({ live }) => ({ object: live })),
  ]
    .map(({ object }) => object)
    .sort((a, b) => objectKinds.indexOf(b.kind) - objectKinds.indexOf(a.kind))
    .flatMap((object) => {
      const statement = drop(object, goes)
      if (statement === undefined) leave(object, 'PostgreSQL has no simple way to take it away')
      return statement ? [statement] : []
    })

  const creates = inOrder([
    ...removed.map(({ object }) => object),
    ...again.map(({ object }) => object),
  ]).flatMap((object) => {
    if (object.kind === 'column' && object.parent !== null && comes.has(object.parent)) return []
    const statement = create(
      object,
      removed.map((each) => each.object),
    )
    if (statement === undefined) leave(object, 'it can’t be made by one statement')
    return statement === undefined ? [] : [statement, ...secure(object), ...grantAll(object)]
  })

  const changes = changed
    .filter((difference) => !again.includes(difference))
    .flatMap((difference) => {
      const done = change(difference)
      if (done.left.length > 0)
        leave(difference.object, `${done.left.join(', ')}: this change has no statement`)
      return done.statements
    })
  const comments = expected.filter(
    (object) => object.kind === 'comment' && again.some((remade) => isAbout(object, remade.object)),
  )
  return {
    statements: [
      ...drops,
      ...changes,
      ...creates,
      ...ownSequences(removed.map(({ object }) => object)),
      ...comments.flatMap(({ create: sql }) => sql ?? []),
    ],
    byHand,
  }
}

const isWhole = ({ kind }: DatabaseObject): boolean => kind === 'table' || kind === 'view'

/** It holds the table that it refers to, so it goes before either. */
const isForeignKey = ({ kind, definition }: DatabaseObject): boolean =>
  kind === 'constraint' && String(definition.sql).startsWith('FOREIGN KEY')

const sqlDiffers = (a: DatabaseObject, b: DatabaseObject): boolean =>
  JSON.stringify({ ...a.definition, grants: 0, owner: 0 }) !==
  JSON.stringify({ ...b.definition, grants: 0, owner: 0 })

const isAbout = (comment: DatabaseObject, { kind, name, parent }: DatabaseObject): boolean => {
  const about = parent === null || kind === 'index' ? name : `${name} on ${parent}`
  return comment.name === `${kind.toUpperCase()} ${about}` || (kind === 'view' && comment.parent === name)
}

/** Foreign keys need the keys that they refer to. */
function inOrder(objects: readonly DatabaseObject[]): readonly DatabaseObject[] {
  const place = (object: DatabaseObject) =>
    objectKinds.indexOf(object.kind) + (isForeignKey(object) ? 1.5 : 0)
  return [...objects].sort((a, b) => place(a) - place(b))
}

/** Undefined where there is none; empty where it goes along with something else. */
function drop(
  { kind, name, parent, definition }: DatabaseObject,
  gone: ReadonlySet<string>,
): string | undefined {
  switch (kind) {
    case 'schema':
    case 'extension':
    case 'domain':
    case 'statistics':
      return `DROP ${kind.toUpperCase()} ${name}`
    case 'sequence':
      // It goes with the column that it belongs to.
      return `DROP SEQUENCE IF EXISTS ${name}`
    case 'index':
      return `DROP INDEX ${name}`
    case 'enum':
    case 'composite type':
      return `DROP TYPE ${name}`
    case 'table':
      return `DROP ${definition.kind === 'foreign' ? 'FOREIGN ' : ''}TABLE ${name}`
    case 'view':
      return `DROP ${definition.kind === 'materialized' ? 'MATERIALIZED ' : ''}VIEW ${name}`
    case 'function':
      return `DROP ${definition.kind === 'procedure' ? 'PROCEDURE' : definition.kind === 'aggregate' ? 'AGGREGATE' : 'FUNCTION'} ${name}`
    case 'column':
      return `ALTER TABLE ${parent} DROP COLUMN ${name}`
    case 'constraint':
      // That of a partition or of a child goes with its parent's.
      return definition.inherited ? '' : `ALTER TABLE ${parent} DROP CONSTRAINT ${name}`
    case 'trigger':
    case 'rule':
    case 'policy':
      return `DROP ${kind.toUpperCase()} ${name} ON ${parent}`
    case 'comment':
      return [...gone].some((whole) => name.endsWith(` ${whole}`)) ? '' : `COMMENT ON ${name} IS NULL`
    case 'default privileges':
    case 'other':
      return undefined
  }
}

function create(object: DatabaseObject, removed: readonly DatabaseObject[]): string | undefined {
  if (object.kind === 'column') return addColumn(object)
  if (object.create === null) return undefined
  if (object.kind !== 'table') return object.create
  const columns = removed.filter(({ kind, parent }) => kind === 'column' && parent === object.name)
  return object.create.replace(' ()', () => ` (\n  ${columns.map(columnSql).join(',\n  ')}\n)`)
}

/** CREATE TABLE knows nothing of row security. */
const secure = ({ kind, name, definition }: DatabaseObject): readonly string[] =>
  kind !== 'table'
    ? []
    : [
        ...(definition['row security'] === true ? [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`] : []),
        ...(definition['row security forced'] === true
          ? [`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`]
          : []),
      ]

/** A sequence is made before the column that it belongs to. */
const ownSequences = (objects: readonly DatabaseObject[]): readonly string[] =>
  objects.flatMap(({ kind, name, definition }) =>
    kind === 'sequence' && definition['owned by'] !== undefined
      ? [`ALTER SEQUENCE ${name} OWNED BY ${String(definition['owned by'])}`]
      : [],
  )

interface Changed {
  readonly statements: readonly string[]
  /** Fields that no statement was found for. */
  readonly left: readonly string[]
}

function change({ object, live, changes }: Difference & { kind: 'changed' }): Changed {
  const results = changes.map(({ field }): { field: string; statements: readonly string[] | undefined } => ({
    field,
    statements: changeField(object, live, field),
  }))
  return {
    statements: results.flatMap(({ statements }) => statements ?? []),
    left: results.flatMap(({ field, statements }) => (statements === undefined ? field : [])),
  }
}

function changeField(
  object: DatabaseObject,
  live: DatabaseObject,
  field: string,
): readonly string[] | undefined {
  const { kind, name, definition } = object
  if (field === 'grants') return changeGrants(object, live)
  if (field === 'owner') return [`ALTER ${typeName(object)} ${name} OWNER TO ${String(definition.owner)}`]
  if (kind === 'column') return changeColumn(object, field)
  if (kind === 'enum' && field === 'labels') return changeEnum(object, live)
  if ((kind === 'function' && field === 'sql') || kind === 'comment')
    return object.create === null ? undefined : [object.create]
  if (kind === 'extension' && field === 'version')
    return [`ALTER EXTENSION ${name} UPDATE TO '${String(definition.version)}'`]
  if (kind === 'table' && field === 'row security')
    return [`ALTER TABLE ${name} ${definition[field] === true ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`]
  if (kind === 'table' && field === 'row security forced')
    return [`ALTER TABLE ${name} ${definition[field] === true ? '' : 'NO '}FORCE ROW LEVEL SECURITY`]
  if (kind === 'table' && field === 'unlogged')
    return [`ALTER TABLE ${name} SET ${definition[field] === true ? 'UNLOGGED' : 'LOGGED'}`]
  const sequence = kind === 'sequence' ? sequenceFields[field] : undefined
  return sequence === undefined
    ? undefined
    : [`ALTER SEQUENCE ${name} ${sequence} ${String(definition[field])}`]
}

const sequenceFields: Readonly<Record<string, string>> = {
  type: 'AS',
  start: 'START',
  increment: 'INCREMENT',
  least: 'MINVALUE',
  greatest: 'MAXVALUE',
  cache: 'CACHE',
}

const typeName = ({ kind, definition }: DatabaseObject): string => {
  if (kind === 'enum' || kind === 'composite type') return 'TYPE'
  if (kind === 'view' && definition.kind === 'materialized') return 'MATERIALIZED VIEW'
  if (kind === 'function' && definition.kind === 'procedure') return 'PROCEDURE'
  return kind.toUpperCase()
}

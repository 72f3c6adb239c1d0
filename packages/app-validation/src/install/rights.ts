import type { PlacedColumn, PlacedReference } from '../references/placed.ts'
import { integritySchema } from './trigger.ts'

/** Rights on a schema, a table, a sequence, or all functions of one name. */
export interface Right {
  readonly role: 'sweeper'
  readonly on: 'schema' | 'table' | 'sequence' | 'routine'
  readonly schema: string
  /** Empty for a schema. */
  readonly name: string
  readonly privileges: readonly string[]
  /** Only on these columns. */
  readonly columns?: readonly string[]
}

export interface Rights {
  readonly grants: readonly Right[]
  readonly memberships: readonly { readonly role: 'sweeper'; readonly of: string }[]
}

/**
 * What a role needs in a database that does what nobody asks a person for: sweep, scan, arbitrate deletions, and tell
 * how it goes. It sees of the applications' rows only the ids. What a person decides (repair, revive, resume after a
 * restore) is left to the owner; applications need nothing, since the triggers act with the rights of the owner.
 */
export function rightsIn(database: string, references: readonly PlacedReference[]): Rights {
  const targets = references.filter(({ target }) => target.database === database).map(({ target }) => target)
  const columns = references.filter((reference) => reference.database === database)
  const isPart = targets.length + columns.length > 0
  return {
    grants: [
      ...(isPart ? ours : []),
      ...(targets.length > 0 ? ofReferencedSide : []),
      ...(columns.length > 0 ? ofReferencingSide : []),
      ...targets.flatMap(onTarget),
      ...columns.flatMap(onReference),
    ],
    // The barrier waits for every snapshot from before a deletion, and others' are shown only to members.
    memberships: columns.length > 0 ? [{ role: 'sweeper', of: 'pg_read_all_stats' }] : [],
  }
}

const right = (
  on: Right['on'],
  name: string,
  privileges: readonly string[],
  columns?: readonly string[],
): Right => ({
  role: 'sweeper',
  on,
  schema: integritySchema,
  name,
  privileges,
  ...(columns && { columns }),
})

const ours: readonly Right[] = [
  right('schema', '', ['USAGE']),
  right('table', '_prisma_migrations', ['SELECT']),
]

/** The token of an intent lets whoever has it delete. */
const ofReferencedSide: readonly Right[] = [
  right('table', 'delete_log', ['SELECT']),
  right('table', 'consumer', ['SELECT']),
  right('table', 'intent', ['SELECT'], ['target', 'id', 'state', 'opened_at', 'changed_at']),
  right('table', 'intent', ['DELETE']),
  ...['refused_reuses', 'refused_deletes'].map((name) => right('sequence', name, ['SELECT'])),
  ...[
    'epoch',
    'flush',
    'horizon',
    'acknowledge',
    'open_intent',
    'clear_intent',
    'carry_intent',
    'cancel_intent',
    'close_intent',
  ].map((name) => right('routine', name, ['EXECUTE'])),
]

/** Receipts are written by a function alone. UPDATE of a tombstone is also what locking it takes. */
const ofReferencingSide: readonly Right[] = [
  right('table', 'tombstone', ['SELECT', 'INSERT', 'UPDATE']),
  right('table', 'swept', ['SELECT', 'INSERT', 'UPDATE']),
  right('table', 'reservation', ['SELECT', 'INSERT', 'DELETE']),
  right('table', 'cursor', ['SELECT', 'INSERT', 'UPDATE']),
  right('table', 'control', ['SELECT', 'INSERT', 'UPDATE']),
  right('table', 'receipt', ['SELECT']),
  right('table', 'receipt_batch', ['SELECT']),
  right('table', 'quarantine', ['SELECT'], ['source', 'target', 'id']),
  right('table', 'quarantine', ['DELETE']),
  ...['refused_writes', 'refused_reserved'].map((name) => right('sequence', name, ['SELECT'])),
  ...['write_receipts', 'verify_receipts'].map((name) => right('routine', name, ['EXECUTE'])),
]

/** An arbiter deletes the row itself. */
function onTarget({ schema, table, column }: PlacedColumn): readonly Right[] {
  return [
    { role: 'sweeper', on: 'schema', schema, name: '', privileges: ['USAGE'] },
    { role: 'sweeper', on: 'table', schema, name: table, privileges: ['SELECT'], columns: [column] },
    { role: 'sweeper', on: 'table', schema, name: table, privileges: ['DELETE'] },
  ]
}

/** Rows are found by their place: see `batchStatement`. */
function onReference({ schema, table, column, onDelete }: PlacedReference): readonly Right[] {
  const on = { role: 'sweeper', on: 'table', schema, name: table } as const
  const seen: Right = { ...on, privileges: ['SELECT'], columns: [column, 'ctid', 'tableoid'] }
  const looking: readonly Right[] = [
    { role: 'sweeper', on: 'schema', schema, name: '', privileges: ['USAGE'] },
    seen,
  ]
  if (onDelete === 'Cascade') return [...looking, { ...on, privileges: ['DELETE'] }]
  if (onDelete === 'SetNull') return [...looking, { ...on, privileges: ['UPDATE'], columns: [column] }]
  return looking
}

/** Which table of the referenced database an id belongs to. */
export type Target = 'users' | 'members'

/** A referencing column that the attack writes. */
export interface Column {
  readonly name: string
  readonly target: Target
  readonly onDelete: 'Cascade' | 'SetNull' | 'Restrict'
  /** The column that a statement names instead, where a trigger carries the value over. */
  readonly through?: string
}

/** Values of a row's referencing columns, in their order. */
export type Values = readonly (string | null)[]

export interface Row {
  readonly id: string
  readonly values: Values
}

/** What a statement that writes a row says of one column. */
export interface Cell {
  readonly name: string
  readonly type: string
  readonly of: (row: Row) => string | null
}

/** A table of the referencing database that the attack writes, and how a row gets in. */
export interface Table {
  readonly name: string
  readonly columns: readonly [Column, ...Column[]]
  readonly cells: readonly [Cell, ...Cell[]]
  readonly key: readonly string[]
  /** The SET that gives a row `t` another first value, and nothing else. */
  readonly change: (value: string) => string
}

const typeOf: Readonly<Record<Target, string>> = { users: 'uuid', members: 'bigint' }

/** @param more columns that the row needs besides its id and whom it names */
const makeTable = (name: string, columns: Table['columns'], more: readonly Cell[] = []): Table => {
  const [first] = columns
  return {
    name,
    columns,
    key: ['id'],
    cells: [
      { name: 'id', type: 'uuid', of: ({ id }) => id },
      ...columns.map(
        ({ name: column, target, through = column }, index): Cell => ({
          name: through,
          type: typeOf[target],
          of: ({ values }) => values[index] ?? null,
        }),
      ),
      ...more,
    ],
    change: (value) => `${first.through ?? first.name} = ${value}`,
  }
}

const text = (name: string, of: Cell['of']): Cell => ({ name, type: 'text', of })
const member = { name: 'member_id', target: 'members' } as const
const user = { name: 'user_id', target: 'users', onDelete: 'Cascade' } as const

export const projects = makeTable('projects', [user], [text('name', () => 'attacked')])

export const teams = makeTable(
  'teams',
  [{ name: 'owner_id', target: 'users', onDelete: 'Restrict' }],
  [text('name', () => 'attacked'), text('slug', ({ id }) => id)],
)

/** Every table has a trap of its own. */
export const tables: readonly [Table, ...Table[]] = [
  projects,
  teams,
  makeTable('marks', [
    { ...member, onDelete: 'Cascade' },
    { name: 'marked_by', target: 'members', onDelete: 'SetNull' },
    { name: 'user_id', target: 'users', onDelete: 'SetNull' },
  ]),
  // Rows lie in partitions, and an UPDATE moves them from one to the other.
  {
    ...makeTable(
      'parts',
      [{ ...member, onDelete: 'Cascade' }],
      [{ name: 'kind', type: 'bigint', of: ({ values }) => String(BigInt(values[0] ?? 0) % 2n) }],
    ),
    key: ['id', 'kind'],
    change: (value) => `kind = 1 - t.kind, member_id = ${value}`,
  },
  // A BEFORE trigger puts the id into the column, which the statement doesn't name.
  makeTable('redirects', [{ ...member, onDelete: 'Cascade', through: 'redirect_to' }]),
  // A deferred trigger makes the COMMIT itself slow.
  makeTable('slows', [{ ...member, onDelete: 'SetNull' }]),
]

export const tableNamed = (name: string): Table => {
  const table = tables.find((each) => each.name === name)
  if (!table) throw new TypeError(`there is no table ${name}`)
  return table
}

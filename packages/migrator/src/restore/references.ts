import type { Reference } from '@manybase/app-validation'

/** What it means for references between databases that only some of them go back in time. */
export interface Skew {
  /** The database whose rows are named. */
  readonly referenced: string
  readonly table: string
  /** The database whose rows name them. */
  readonly referencing: string
  /** `projects.user_id` */
  readonly columns: readonly string[]
  /** Which of the two is restored. */
  readonly restored: 'referenced' | 'referencing'
}

/** References of which one side is restored and the other isn't. */
export function findSkew(references: readonly Reference[], restored: ReadonlySet<string>): readonly Skew[] {
  const torn = references.filter(
    ({ database, target }) => restored.has(database) !== restored.has(target.database),
  )
  const groups = Map.groupBy(torn, ({ database, target }) => `${database} ${target.database} ${target.table}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    return [
      {
        referenced: first.target.database,
        table: first.target.table,
        referencing: first.database,
        columns: group.map(({ table, column }) => `${table}.${column}`),
        restored: restored.has(first.database) ? ('referencing' as const) : ('referenced' as const),
      },
    ]
  })
}

/** Says it to people. */
export function describeSkew({ referenced, table, referencing, columns, restored }: Skew): readonly string[] {
  const named = `${columns.length} column${columns.length === 1 ? '' : 's'} of ${referencing} (${columns.join(', ')})`
  return restored === 'referenced'
    ? [
        `Only ${referenced} goes back, and ${named} name its ${table}.`,
        `Rows of ${table} deleted since the backup are there again; rows made since are gone, and what names them in ${referencing} stays.`,
      ]
    : [
        `Only ${referencing} goes back, and ${named} name ${table} of ${referenced}.`,
        `What was deleted from ${table} since the backup stays deleted, and rows that name it are there again.`,
      ]
}

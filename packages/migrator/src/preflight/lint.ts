import type { TableState } from './gather/tables.ts'
import type { PendingStatement } from './scripts.ts'
import type { Danger, Setting } from './statements/danger.ts'
import { keyOf, nameOf } from './statements/names.ts'
import { rules } from './statements/rules.ts'

/** Looks for what is dangerous in statements, against the tables as they are. */
export function findDangers(
  statements: readonly PendingStatement[],
  tables: readonly TableState[],
  volatile: ReadonlySet<string>,
  { ownSchema, bigTable }: { readonly ownSchema: string; readonly bigTable: number },
): readonly Danger[] {
  const known = new Map(tables.map((table) => [keyOf(table), table]))
  const setting: Setting = {
    table: (relation) => {
      const table = relation && known.get(keyOf(nameOf(relation, ownSchema)))
      return table && { ...table, big: table.rows >= bigTable }
    },
    isVolatile: (name) => volatile.has(name),
  }
  return statements.flatMap(({ tree, revision, file, line }) =>
    rules.flatMap((rule) => rule(tree, setting)).map((warning) => ({ ...warning, revision, file, line })),
  )
}

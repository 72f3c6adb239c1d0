import { bytes, count } from '../../words.ts'
import { commandsOf } from '../commands.ts'
import type { Rule, TableNow, Warning } from '../danger.ts'

const commands: Readonly<Record<string, string>> = {
  AT_SetLogged: 'SET LOGGED',
  AT_SetUnLogged: 'SET UNLOGGED',
  AT_SetTableSpace: 'SET TABLESPACE',
  AT_SetAccessMethod: 'SET ACCESS METHOD',
}

/** Statements whose whole work is to write a table anew. */
export const rewriting: Rule = (tree, setting) => {
  if ('ClusterStmt' in tree) return rewrites('CLUSTER', setting.table(tree.ClusterStmt.relation))
  if ('RefreshMatViewStmt' in tree && !tree.RefreshMatViewStmt.concurrent) {
    return rewrites('REFRESH MATERIALIZED VIEW', setting.table(tree.RefreshMatViewStmt.relation))
  }
  return commandsOf(tree).flatMap(({ relation, command }) => {
    const statement = commands[command.subtype ?? '']
    return statement === undefined ? [] : rewrites(statement, setting.table(relation))
  })
}

const rewrites = (statement: string, table: TableNow | undefined): readonly Warning[] =>
  table?.big
    ? [
        {
          rule: 'rewriting',
          status: 'warning',
          what: `Nobody can read or write ${table.name} while its ${count(table.rows, 'row')} (${bytes(table.bytes)}) are written anew.`,
          why: `${statement} works under ACCESS EXCLUSIVE, and needs room for a second copy.`,
          fix: 'Do it in a maintenance window; REFRESH … CONCURRENTLY and pg_repack let others read.',
        },
      ]
    : []

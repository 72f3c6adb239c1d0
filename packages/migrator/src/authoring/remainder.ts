import { errorCode } from '@manybase/failure'
import { compare } from '../drift/compare.ts'
import { repair } from '../drift/repair.ts'
import { replayFailed } from '../shadow/failures.ts'
import { runInShadow } from '../shadow/replay.ts'
import type { Shadow } from '../shadow/shadow.ts'
import type { DatabaseObject } from '../snapshot/object.ts'
import { databaseObjects } from '../snapshot/objects.ts'
import { joinStatements } from './statements.ts'

/**
 * What is still missing: policies, rules, statistics, grants, comments, as a drift is mended. Nothing when it can't
 * be made; the proof then says what is amiss.
 */
export async function remainder(shadow: Shadow, live: readonly DatabaseObject[]): Promise<string> {
  const { client } = shadow.session
  const { schema } = shadow.target.connection
  const { statements } = repair(compare(live, await databaseObjects(client, [schema], schema)), live)
  const trimmed = statements.map((statement) => statement.replace(/;\s*$/, ''))
  const sql = trimmed.length > 0 ? `${joinStatements(trimmed)}\n` : ''
  try {
    await runInShadow(shadow, 'The baseline', sql)
    return sql
  } catch (error) {
    if (errorCode(error) !== replayFailed.code) throw error
    return ''
  }
}

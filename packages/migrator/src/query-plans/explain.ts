import { errorMessage } from '@manybase/failure'
import { type Client, escapeIdentifier } from 'pg'
import type { Target } from '../catalog/target.ts'
import { explainServerError } from '../server/explain.ts'
import { openSessions } from '../server/session.ts'
import type { NamedQuery } from './queries.ts'
import { type QueryPlan, readPlan } from './shape.ts'

/** A query with its plan, or with what PostgreSQL says against it. */
export interface Explained {
  readonly name: string
  readonly database: string
  readonly sql: string
  readonly plan: QueryPlan | null
  readonly problem: string | null
}

/** Asks for the plans of a database's queries, one after the other. None of them is run. @throws `server.*`, `database.missing` */
export async function explainQueries(
  target: Target,
  queries: readonly NamedQuery[],
): Promise<readonly Explained[]> {
  const [session] = await openSessions([target], { create: false })
  if (!session) throw new Error('a target has a session')
  const explained: Explained[] = []
  try {
    for (const { name, sql } of queries) {
      explained.push({ name, database: target.name, sql, ...(await explainOne(session.client, target, sql)) })
    }
    return explained
  } catch (error) {
    throw explainServerError(error, target)
  } finally {
    await session.close()
  }
}

const statement = 'manybase_explained'

/**
 * The plan that is good for any value of a parameter (`$1`): the one that doesn't depend on which value somebody
 * happens to think of.
 */
async function explainOne(client: Client, { connection }: Target, sql: string) {
  await client.query(
    `BEGIN READ ONLY; SET LOCAL search_path = ${escapeIdentifier(connection.schema)}; SET LOCAL plan_cache_mode = force_generic_plan`,
  )
  try {
    await client.query(`PREPARE ${statement} AS ${sql}`)
    const { rows: found } = await client.query<{ parameters: number }>(
      'SELECT cardinality(parameter_types) AS parameters FROM pg_prepared_statements WHERE name = $1',
      [statement],
    )
    const values = Array.from({ length: found[0]?.parameters ?? 0 }, () => 'NULL').join(', ')
    const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(
      `EXPLAIN (FORMAT JSON) EXECUTE ${statement}${values && `(${values})`}`,
    )
    return { plan: readPlan(rows[0]?.['QUERY PLAN']), problem: null }
  } catch (error) {
    if (isLost(client)) throw error
    return { plan: null, problem: errorMessage(error) }
  } finally {
    if (!isLost(client)) await client.query(`ROLLBACK; DEALLOCATE ALL`)
  }
}

/** The driver knows how the transaction stands as long as the connection does. */
const isLost = (client: Client): boolean => client.getTransactionStatus() === null

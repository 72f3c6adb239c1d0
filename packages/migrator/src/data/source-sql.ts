import { relativeToScript } from '@manybase/schema-engine/script'
import type { Client } from 'pg'
import type { DataJob } from '../execute/job.ts'
import { dataInvalid } from './failures.ts'
import type { Source } from './source.ts'
import { type BatchStatement, batchQuery, readBatch, readBatchStatement } from './statement.ts'

/** A `data.sql` as a source of batches. @throws `data.invalid` */
export async function openScript({ step, file, script }: DataJob): Promise<Source> {
  const read = await readBatchStatement(script)
  if (read.kind === 'problem') {
    const { database, revision } = step
    throw dataInvalid({ database, revision: revision.name, file, problem: read.problem })
  }
  const { statement } = read
  return {
    count: (client) => estimate(client, statement),
    batch: async (client, { cursor, size }) => {
      const { text, values, prefix } = batchQuery(statement, { cursor, size })
      try {
        const result = await client.query({
          text,
          values: [...values],
          types: asText,
        })
        return readBatch(statement, result)
      } catch (error) {
        throw relativeToScript(error, statement.offset - prefix)
      }
    },
    limit: (client) => rowsThere(client, statement),
  }
}

/** What is kept as a cursor is what PostgreSQL wrote: no type of JavaScript in between loses a digit. */
const asText = { getTypeParser: () => (value: unknown) => value }

/**
 * What the planner expects to write when nothing limits it. Of a column that has just been added it has no
 * statistics yet, and would take hardly any row for NULL.
 */
async function estimate(client: Client, statement: BatchStatement): Promise<number | null> {
  try {
    await client.query(`SET LOCAL statement_timeout = ${longestEstimate}`)
    if (statement.table !== undefined) await client.query(`ANALYZE ${statement.table}`)
    const { text, values } = batchQuery(statement, { cursor: null, size: null })
    const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(`EXPLAIN (FORMAT JSON) ${text}`, [
      ...values,
    ])
    return writtenRows(rows[0]?.['QUERY PLAN']) ?? null
  } catch {
    // What is wrong with the statement comes out with the first batch, and where.
    return null
  }
}

/** Milliseconds. Sampling takes a second, unless a table has very many partitions. */
const longestEstimate = 15_000

/** The rows that come into the first node of a plan that writes. */
function writtenRows(plan: unknown): number | undefined {
  if (typeof plan !== 'object' || plan === null) return undefined
  if ('Node Type' in plan && plan['Node Type'] === 'ModifyTable' && 'Plans' in plan) {
    const [source]: readonly unknown[] = Array.isArray(plan.Plans) ? plan.Plans : []
    if (typeof source !== 'object' || source === null || !('Plan Rows' in source)) return undefined
    return typeof source['Plan Rows'] === 'number' ? source['Plan Rows'] : undefined
  }
  for (const child of Object.values(plan)) {
    const found = writtenRows(child)
    if (found !== undefined) return found
  }
  return undefined
}

/** A row that is updated stays, and may be found again: more than there are can't have been handled once. */
async function rowsThere(
  client: Client,
  { form, command, table }: BatchStatement,
): Promise<number | undefined> {
  if (form !== 'shrinking' || table === undefined) return undefined
  if (command !== 'update' && command !== 'merge') return undefined
  const { rows } = await client.query<{ rows: string }>(`SELECT count(*) AS rows FROM ${table}`)
  return Number(rows[0]?.rows ?? 0)
}

import { errorMessage } from '@manybase/failure'
import { escapeIdentifier } from 'pg'
import type { Target } from '../catalog/target.ts'
import type { Job } from '../execute/job.ts'
import { fresh } from '../execute/session-settings.ts'
import { readScripts, tablesMade, tablesTouched } from '../preflight/scripts.ts'
import { keyOf, type TableName } from '../preflight/statements/names.ts'
import type { Session } from '../server/session.ts'

export interface AnalyzeEvents {
  onTable(target: Target, table: string, milliseconds: number): void
  /** What is migrated stays migrated: a table whose statistics can't be gathered is only said. */
  onProblem(target: Target, table: string, problem: string): void
}

/** Gathers statistics for the tables that scripts have made or touched, without which plans go by the old ones. */
export async function analyzeTouched(
  jobs: readonly Job[],
  sessions: readonly Session[],
  events: AnalyzeEvents,
): Promise<void> {
  await Promise.all(
    sessions.map(async (session) => {
      for (const target of session.targets) {
        const own = jobs.filter(({ step }) => step.database === target.name)
        if (own.length > 0) await analyzeIn(session, target, own, events)
      }
    }),
  )
}

async function analyzeIn({ client }: Session, target: Target, jobs: readonly Job[], events: AnalyzeEvents) {
  const { schema } = target.connection
  const statements = await readScripts(jobs)
  const tables = new Map(
    [...tablesTouched(statements, schema), ...tablesMade(statements, schema)].map((each) => [
      keyOf(each),
      each,
    ]),
  )
  await client.query(fresh(schema))
  for (const name of await existing(client, [...tables.values()])) {
    const start = performance.now()
    try {
      await client.query(`ANALYZE ${name}`)
      events.onTable(target, name, performance.now() - start)
    } catch (error) {
      events.onProblem(target, name, errorMessage(error))
    }
  }
}

/** As SQL writes them; a script may have dropped what it touched. */
async function existing(client: Session['client'], tables: readonly TableName[]): Promise<readonly string[]> {
  const names = tables.map(({ schema, table }) => [schema, table].map(escapeIdentifier).join('.'))
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM unnest($1::text[]) AS w (name)
       JOIN pg_class c ON c.oid = to_regclass(w.name) AND c.relkind IN ('r', 'p', 'm') ORDER BY 1`,
    [names],
  )
  return rows.map(({ name }) => name)
}

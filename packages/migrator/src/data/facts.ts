import { readOptions } from '../history/options.ts'
import { formatRef, type Revision } from '../history/revision.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import { skippedIn } from '../ledger/words.ts'
import type { DataFact, DataFacts } from '../plan/data.ts'
import type { DatabaseState } from '../plan/state.ts'
import type { Plan } from '../plan/step.ts'
import { dataFileOf } from './files.ts'
import type { Progress } from './progress.ts'

/** Reads how far the data migrations of one database have come. */
export type ProgressReader = (database: string) => Promise<readonly Progress[]>

/**
 * What a plan has to know of data migrations. Files are looked at for the revisions that the plan applies and
 * those that they name, `withData` for all that are applied; a server is asked only about the latter.
 * @throws `options.invalid`, `data.ambiguous`
 */
export async function readFacts(
  plan: Plan,
  states: readonly DatabaseState[],
  { withData, environment, read }: FactOptions,
): Promise<DataFacts> {
  const facts = new Map<string, DataFact>()
  for (const { database, history, applied, ledger } of states) {
    const ids = new Map(history.revisions.map((revision) => [revision.id, revision]))
    const planned = plan.kind === 'steps' ? plan.steps.map(({ revision }) => revision) : []
    const own = new Set(planned.filter((revision) => revision.database === database))
    const required = [...own].flatMap((revision) => requiredBy(revision, environment))
    const concerned = new Set([
      ...own,
      ...required.map((id) => ids.get(id)).filter((revision) => revision !== undefined),
      ...(withData ? applied : []),
    ])
    const having = [...concerned].filter((revision) => dataFileOf(revision) !== undefined)
    const rows = new Map(ledger.applied.map((row) => [row.name, row]))
    const progress = having.some(({ name }) => rows.has(name)) ? await read(database) : []
    for (const revision of concerned) {
      facts.set(formatRef(revision), {
        hasData: having.includes(revision),
        complete: isSkipped(revision, environment) || isComplete(rows.get(revision.name), progress),
        requires: own.has(revision) ? requiredBy(revision, environment) : [],
      })
    }
  }
  return facts
}

export interface FactOptions {
  readonly withData: boolean
  readonly environment: string
  readonly read: ProgressReader
}

/** What a revision asks for that isn't run here is asked of nobody. */
function requiredBy(revision: Revision, environment: string): readonly string[] {
  const { requiresData = [] } = readOptions(revision)
  return isSkipped(revision, environment) ? [] : requiresData
}

function isSkipped(revision: Revision, environment: string): boolean {
  const { environments } = readOptions(revision)
  return environments !== undefined && !environments.includes(environment)
}

/** Whether all rows are done, by the progress of this very application of the revision. */
function isComplete(row: LedgerRow | undefined, progress: readonly Progress[]): boolean {
  if (!row) return false
  if (skippedIn(row) !== undefined) return true
  return progress.some(({ ledgerId, finishedAt }) => ledgerId === row.id && finishedAt !== null)
}

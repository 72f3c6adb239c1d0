import { readOptions } from '../history/options.ts'
import { formatRef } from '../history/revision.ts'
import type { DatabaseState } from '../plan/state.ts'
import type { UpgradeStep } from '../plan/step.ts'
import { dataFileOf } from './files.ts'
import { demandComplete } from './sql.ts'

/** What a script for psql, in which no data migration runs, says of them around a step. */
export interface OfflineRemarks {
  /** SQL that stops the script before the step. */
  readonly before: readonly string[]
  /** For whoever runs it. */
  readonly after: readonly string[]
}

/**
 * A step whose `requiresData` isn't complete stops the script, unless the script began with an empty database: that
 * one has no rows of the application.
 */
export function remarksFor(
  { revision }: UpgradeStep,
  { applied, history: { revisions } }: DatabaseState,
  schema: string,
): OfflineRemarks {
  const { requiresData = [] } = applied.length > 0 ? readOptions(revision) : {}
  const needed = revisions.filter(({ id }) => requiresData.includes(id))
  return {
    before: needed.map((each) =>
      demandComplete(schema, each.name, {
        message: `${revision.name} of ${revision.database} needs the data migration of ${each.id}, which is not complete`,
        hint: `pnpm db data run ${formatRef(each)}; then write the script from there on.`,
      }),
    ),
    after:
      dataFileOf(revision) === undefined
        ? []
        : [
            `the data migration of ${revision.name} is not part of this script: pnpm db data run ${formatRef(revision)}`,
          ],
  }
}

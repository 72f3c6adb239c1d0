import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readOptions } from '../history/options.ts'
import type { Revision } from '../history/revision.ts'
import type { Plan } from '../plan/step.ts'
import { dataAmbiguous } from './failures.ts'

const names = ['data.sql', 'data.ts'] as const
export type DataFileName = (typeof names)[number]

/**
 * The file of a revision's data migration, if it has one.
 * @throws `data.ambiguous` when it has two
 */
export function dataFileOf({ database, name, path }: Revision): DataFileName | undefined {
  const [file, other] = names.filter((each) => existsSync(join(path, each)))
  if (other !== undefined) throw dataAmbiguous({ database, revision: name, path })
  return file
}

/** Whether a plan has to do with data migrations at all; nothing else of them is loaded where it hasn't. */
export const concernsData = (plan: Plan, withData: boolean): boolean =>
  plan.kind === 'steps' &&
  (withData ||
    plan.steps.some(
      ({ kind, revision }) =>
        kind === 'upgrade' &&
        (dataFileOf(revision) !== undefined || readOptions(revision).requiresData !== undefined),
    ))

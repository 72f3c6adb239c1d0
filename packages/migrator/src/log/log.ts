import { join, resolve } from 'node:path'
import pino from 'pino'
import type { Target } from '../catalog/resolve.ts'
import type { Outcome } from '../execute/execute.ts'
import type { Step } from '../plan/step.ts'
import { type Notice, recordOf } from './record.ts'
import { whoIs } from './who.ts'

/** The log of a run: a JSON line a step, on disk before the next one begins. */
export interface MigrationLog {
  notice(step: Step, notice: Notice): void
  end(outcome: Outcome): void
}

/** Where the log is when nobody says otherwise, below the catalog's root. */
export const defaultLogFile = join('logs', 'migration.log')

/** Opens the log, making its folder. Throws what the file system does. */
export function openLog(root: string, file: string, targets: readonly Target[]): MigrationLog {
  const destination = pino.destination({ dest: resolve(root, file), mkdir: true, append: true, sync: true })
  const logger = pino(
    {
      base: { ...whoIs(root) },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  )
  const byName = new Map(targets.map((target) => [target.name, target]))
  const notices = new Map<Step, Notice[]>()
  return {
    notice: (step, notice) => {
      notices.set(step, [...(notices.get(step) ?? []), notice])
    },
    end: (outcome) => {
      if (outcome.kind === 'not-run') return
      const { step } = outcome
      const record = recordOf(outcome, notices.get(step) ?? [], byName.get(step.database))
      if (outcome.kind === 'failed') logger.error(record, 'migration')
      else logger.info(record, 'migration')
    },
  }
}

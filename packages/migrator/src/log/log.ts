import { appendFileSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Target } from '../catalog/resolve.ts'
import type { Outcome } from '../execute/execute.ts'
import type { Step } from '../plan/step.ts'
import { type Notice, recordOf } from './record.ts'
import { whoIs } from './who.ts'

/** The log of a run: a JSON line a step, written before the next one begins. */
export interface MigrationLog {
  notice(step: Step, notice: Notice): void
  /** Throws what the file system does. */
  end(outcome: Outcome): void
}

/** Where the log is when nobody says otherwise, below the catalog's root. */
export const defaultLogFile = join('logs', 'migration.log')

/**
 * Opens the log, making its folder. Throws what the file system does. Written by hand: the lines are few and
 * synchronous, and a logging library takes longer to load than a step to run.
 */
export function openLog(root: string, file: string, targets: readonly Target[]): MigrationLog {
  const path = resolve(root, file)
  mkdirSync(dirname(path), { recursive: true })
  const descriptor = openSync(path, 'a')
  const who = whoIs(root)
  const byName = new Map(targets.map((target) => [target.name, target]))
  const notices = new Map<Step, Notice[]>()
  return {
    notice: (step, notice) => {
      notices.set(step, [...(notices.get(step) ?? []), notice])
    },
    end: (outcome) => {
      if (outcome.kind === 'not-run') return
      const { step } = outcome
      const line = {
        level: outcome.kind === 'failed' ? 'error' : 'info',
        time: new Date().toISOString(),
        ...who,
        ...recordOf(outcome, notices.get(step) ?? [], byName.get(step.database)),
        msg: 'migration',
      }
      appendFileSync(descriptor, `${JSON.stringify(line)}\n`)
    },
  }
}

import { type ExitCode, exitCodes } from '@manybase/failure'
import { withFolder } from '../folder.ts'
import { describeMachine } from '../machine.ts'
import { withServer } from '../migrate/server.ts'
import { partKeys } from './keys.ts'
import { isMissed } from './part.ts'
import { parts } from './parts.ts'
import { type PartReport, type Report, renderReport } from './report.ts'

export interface IntegrityBenchOptions {
  readonly rounds: number
  /** A server to measure on instead of an embedded one. */
  readonly url: string | undefined
  readonly json: boolean
  /** Makes a missed target an exit code. */
  readonly check: boolean
  /** Keys of the parts to measure; all when empty. */
  readonly only: readonly string[]
}

/** Measures what references across databases cost, next to other ways of doing the same, and prints the report. */
export async function benchIntegrity(
  root: string,
  { rounds, url, json, check, only }: IntegrityBenchOptions,
): Promise<ExitCode> {
  const chosen = partKeys.filter((key) => only.length === 0 || only.includes(key))
  const report = await withFolder(root, (folder) =>
    withServer(url, folder, async (server): Promise<Report> => {
      const reports: PartReport[] = []
      for (const key of chosen) {
        process.stderr.write(`${key}\n`)
        const { title, unit, measure } = parts[key]
        reports.push({ part: key, title, unit, figures: await measure({ root, folder, server }, rounds) })
      }
      return { machine: describeMachine(), server: server.description, rounds, parts: reports }
    }),
  )
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`)
  return check && report.parts.some(({ figures }) => figures.some(isMissed))
    ? exitCodes.found
    : exitCodes.done
}

import { type ExitCode, exitCodes } from '@manybase/failure'
import { loadCatalog } from '@manybase/migrator'
import { plainEnvironment } from '../environment.ts'
import { withFolder } from '../folder.ts'
import { describeMachine } from '../machine.ts'
import { measure, memoryMethod } from '../measure.ts'
import { type Summary, summarize } from '../statistics.ts'
import { contestants } from './contestants/index.ts'
import { makeFigures } from './figures.ts'
import { type Place, prepareField } from './participants.ts'
import { type Report, renderReport, reportToJson } from './report.ts'
import { measureRounds, warmUp } from './rounds.ts'
import { withServer } from './server.ts'
import { judge } from './targets.ts'

export interface BenchOptions {
  readonly rounds: number
  /** A server to measure on instead of an embedded one. */
  readonly url: string | undefined
  readonly json: boolean
  /** Makes a missed target an exit code. */
  readonly check: boolean
  /** Keys of the contestants to measure; all when empty. */
  readonly only: readonly string[]
}

/** Measures migrating side by side and prints the report. */
export async function benchMigrate(root: string, options: BenchOptions): Promise<ExitCode> {
  const { databases } = await loadCatalog(root)
  const report = await withFolder(root, (folder) =>
    withServer(options.url, folder, (server) => compare({ root, folder, server, databases }, options)),
  )
  process.stdout.write(
    `${options.json ? JSON.stringify(reportToJson(report), null, 2) : renderReport(report)}\n`,
  )
  return options.check && report.verdicts.some(({ kind }) => kind !== 'met')
    ? exitCodes.found
    : exitCodes.done
}

async function compare(place: Place, { rounds, only }: BenchOptions): Promise<Report> {
  const chosen = contestants.filter(({ key }) => only.length === 0 || only.includes(key))
  note('preparing and warming up')
  const field = await prepareField(chosen, place)
  try {
    const ready = await warmUp(field, place)
    const overhead = await measureOverhead(place, rounds)
    const series = await measureRounds(ready, rounds, place, (round, of) => note(`round ${round} of ${of}`))
    const figures = makeFigures(series)
    const ours = chosen.filter(({ role }) => role === 'ours')
    return {
      machine: describeMachine(),
      server: place.server.description,
      rounds,
      memoryMethod: memoryMethod(),
      overhead,
      figures,
      absentees: ready.absentees,
      verdicts: judge(ours, figures),
    }
  } finally {
    await place.server.drop(field.participants.flatMap(({ databases }) => databases))
  }
}

/** A program that does nothing shows what the measuring itself costs. */
async function measureOverhead({ root, folder }: Place, rounds: number): Promise<Summary> {
  const nothing = { program: '/bin/sh', args: ['-c', ':'], cwd: root, env: plainEnvironment() }
  const runs = []
  for (let round = 0; round < rounds; round++) runs.push(await measure(nothing, folder))
  return summarize(runs.map(({ milliseconds }) => milliseconds))
}

const note = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

import { join } from 'node:path'
import { type ExitCode, exitCodes } from '@manybase/failure'
import { loadCatalog } from '@manybase/migrator'
import { excerpt } from '../excerpt.ts'
import { runFailed } from '../failures.ts'
import { withFolder } from '../folder.ts'
import { describeMachine } from '../machine.ts'
import { type Command, measure, type Run } from '../measure.ts'
import { type Server, withServer } from '../migrate/server.ts'
import { type Contestant, contestants, ours, psqlStatus, type Setup, status } from './contestants.ts'
import { makeProject, type Project } from './project.ts'
import { judge, type Report, renderReport, reportToJson } from './report.ts'

export interface FleetOptions {
  /** How many are brought to head. */
  readonly databases: number
  readonly rounds: number
  readonly url: string | undefined
  readonly json: boolean
  readonly check: boolean
}

const jobs = 8
/** So many times more databases are looked at than are brought to head in each round. */
const lookedAt = 4

/** Measures many databases with one history side by side and prints the report. */
export async function benchFleet(root: string, options: FleetOptions): Promise<ExitCode> {
  const { databases } = await loadCatalog(root)
  const migrations = databases.at(-1)?.migrations ?? root
  const report = await withFolder(root, (folder) =>
    withServer(options.url, folder, (server) =>
      compare(
        {
          root,
          folder,
          server,
          project: makeProject(join(folder, 'fleet'), migrations),
          isOwn: options.url === undefined,
        },
        options,
      ),
    ),
  )
  process.stdout.write(
    `${options.json ? JSON.stringify(reportToJson(report), null, 2) : renderReport(report)}\n`,
  )
  return options.check && judge(report).some(({ met }) => !met) ? exitCodes.found : exitCodes.done
}

interface Place {
  readonly root: string
  readonly folder: string
  readonly server: Server
  readonly project: Project
  /** Goes away as a whole; dropping a database one by one takes longer than filling it. */
  readonly isOwn: boolean
}

async function compare(place: Place, { rounds, databases: migrated }: FleetOptions): Promise<Report> {
  const looked = migrated * lookedAt
  const many = namesFor('many', looked)
  const made: string[] = []
  try {
    const up = await measureUp(place, rounds, migrated, made)
    note(`bringing ${looked} databases to head`)
    made.push(...many)
    await place.server.recreate(many)
    const setup = setupFor(place, many)
    const first = await run(ours.label, ours.command(setup), place)
    const looks: { ours: Run; psql: Run }[] = []
    for (let round = 1; round <= rounds; round++) {
      note(`status, round ${round} of ${rounds}`)
      // Each command writes its files when it is made, so it is made right before it is run.
      const mine = await run('db status', status(setup), place)
      looks.push({ ours: mine, psql: await run('psql', psqlStatus(setup), place) })
    }
    return {
      machine: describeMachine(),
      server: place.server.description,
      rounds,
      sizes: { migrated, looked, jobs },
      up,
      first,
      looks,
    }
  } finally {
    if (!place.isOwn) await place.server.drop(made)
  }
}

/** The first round goes unmeasured; every other one goes backwards. Each run has databases of its own, in `made`. */
async function measureUp(
  place: Place,
  rounds: number,
  migrated: number,
  made: string[],
): Promise<Report['up']> {
  const series = contestants.map((contestant) => ({ contestant, runs: [] as Run[] }))
  for (let round = 0; round <= rounds; round++) {
    note(round === 0 ? 'warming up' : `round ${round} of ${rounds}`)
    for (const { contestant, runs } of round % 2 === 1 ? series : series.toReversed()) {
      const names = namesFor(`${contestant.key}_${round}`, migrated)
      made.push(...names)
      const ran = await migrateOnce(contestant, names, place)
      if (round > 0) runs.push(ran)
    }
  }
  return series.map(({ contestant: { label }, runs }) => ({ label, runs }))
}

async function migrateOnce(contestant: Contestant, names: readonly string[], place: Place): Promise<Run> {
  await place.server.recreate(names)
  return await run(contestant.label, contestant.command(setupFor(place, names)), place)
}

const namesFor = (key: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `bench_fleet_${key}_${index + 1}`)

const setupFor = ({ root, project, server }: Place, names: readonly string[]): Setup => ({
  root,
  project,
  jobs,
  urls: Object.fromEntries(names.map((name) => [name, server.url(name)])),
})

async function run(label: string, command: Command, { folder }: Place): Promise<Run> {
  const ran = await measure(command, folder)
  if (ran.exitCode === 0) return ran
  throw runFailed({ contestant: label, exitCode: ran.exitCode, said: excerpt(ran.output) })
}

const note = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

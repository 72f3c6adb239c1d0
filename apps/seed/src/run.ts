import { exitCodes } from '@manybase/failure'
import { seedProduction } from './load/failures.ts'
import type { Loaded } from './load/load.ts'
import { type Measured, measure } from './load/measure.ts'
import { findPlaces, readyPlaces } from './load/places.ts'
import { makeProgress } from './load/progress.ts'
import { reset } from './load/reset.ts'
import { rateOf } from './load/scale.ts'
import { seed } from './load/seed.ts'
import type { Settings } from './world/world.ts'

/** What the command line says. */
export interface RunOptions {
  /** How many users. */
  readonly scale: number
  readonly seed: number
  readonly until?: number
  readonly reset?: boolean
  readonly yes?: boolean
  readonly force?: boolean
  readonly measure?: boolean
  readonly config?: string
  readonly json?: boolean
}

/** The command: checks, resets when asked, seeds and reports. @throws `seed.*`, and as `locate` */
export async function run(cwd: string, options: RunOptions): Promise<number> {
  const json = options.json === true
  const located = await findPlaces(cwd, options.config, json)
  if (located.production && !options.force) throw seedProduction({})
  if (options.reset) {
    const code = await reset(cwd, options.config, options.yes === true)
    if (code !== exitCodes.done) return code
  }
  const places = await readyPlaces(located)
  const settings = { seed: options.seed, users: options.scale, until: options.until ?? Date.now() }
  const progress = json ? undefined : makeProgress(process.stderr)
  try {
    if (options.measure) print(json, settings, await measure(places, settings, progress?.step))
    else print(json, settings, { loaded: await seed(places, settings, progress?.step) })
  } finally {
    progress?.end()
  }
  return exitCodes.done
}

type Outcome = { readonly loaded: readonly Loaded[] } | Measured

function print(json: boolean, settings: Settings, outcome: Outcome): void {
  const { rows, perSecond } = rateOf(outcome.loaded)
  const figures = 'ratio' in outcome ? outcome : undefined
  if (json) {
    const { seed, users, until } = settings
    const measured = figures && {
      seedSeconds: figures.seedSeconds,
      bareSeconds: figures.bareSeconds,
      ratio: figures.ratio,
    }
    const result = { seed, users, until: new Date(until).toISOString(), rows, rowsPerSecond: perSecond }
    write(JSON.stringify({ ...result, databases: outcome.loaded, ...(measured && { measured }) }, null, 2))
    return
  }
  for (const { database, rows: count, tables, seconds } of outcome.loaded) {
    write(`${database}: ${count} rows in ${Object.keys(tables).length} tables, ${seconds.toFixed(1)} s`)
  }
  write(`${rows} rows, ${perSecond} a second; until ${new Date(settings.until).toISOString()}`)
  if (figures) {
    const { bareSeconds, seedSeconds, ratio } = figures
    write(
      `bare COPY ${bareSeconds.toFixed(2)} s, seed ${seedSeconds.toFixed(2)} s: ${ratio.toFixed(2)} times`,
    )
  }
}

const write = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

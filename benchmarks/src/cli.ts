import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type ExitCode, exitCodes, tellError } from '@manybase/failure'
import { argumentsWrong } from './failures.ts'
import { partKeys } from './integrity/keys.ts'
import { contestants } from './migrate/contestants/index.ts'

const usage = `Usage: pnpm bench <what> [options]

Measures our command and others that do the same, side by side.

  migrate          from empty databases to head, nothing to do, and back
  fleet            many databases with one history
  planner          what a plan costs for a history of 1,000 revisions, and of up to 10,000
  stall            how long a busy table's traffic stands still while the table is altered
  integrity        what references across databases cost, next to foreign keys, queues and checks by hand
  api              requests a second and latency at 100 connections, next to the same answers by hand

  --rounds <n>     interleaved rounds (default: 10; fleet and api: 3, integrity: 5)
  --url <url>      a server to measure on, as a user who may create databases; better in BENCH_DATABASE_URL,
                   since arguments are visible to everyone on the machine (default: an embedded server)
  --only <keys>    of migrate: only these contestants, such as floor,floor_cached,db;
                   of integrity: only these parts, such as cascade,capture
  --databases <n>  of fleet: how many are brought to head; four times as many are looked at (default: 50)
  --seconds <n>    of api: how long each is asked in a round (default: 5)
  --json           the report as JSON, with every single value
  --check          exit code 4 when a target is missed or can't be judged
  --help           this page`

type Benchmark = 'migrate' | 'fleet' | 'planner' | 'stall' | 'integrity' | 'api'

/** How many rounds each is measured in unless told otherwise. */
const roundsOf: Readonly<Record<Benchmark, number>> = {
  migrate: 10,
  fleet: 3,
  planner: 10,
  stall: 10,
  integrity: 5,
  api: 3,
}

const isBenchmark = (name: string): name is Benchmark => Object.hasOwn(roundsOf, name)

/** What the command line asks for. */
export interface Asked {
  readonly benchmark: Benchmark
  readonly rounds: number
  /** A server to measure on instead of an embedded one. */
  readonly url: string | undefined
  readonly json: boolean
  /** Makes a missed target an exit code. */
  readonly check: boolean
  /** Keys of the contestants or parts to measure; all when empty. */
  readonly only: readonly string[]
  /** How many databases are brought to head where there are many. */
  readonly databases: number
  /** How long each is asked where requests are measured. */
  readonly seconds: number
}

/** What `--only` may name. */
const keysOf: Readonly<Partial<Record<Benchmark, readonly string[]>>> = {
  migrate: contestants.map(({ key }) => key),
  integrity: partKeys,
}

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

/** Runs the command line and says how it ended. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const asked = readOptions(args)
    if (asked !== 'help') return await run(asked)
    process.stdout.write(`${usage}\n`)
    return exitCodes.done
  } catch (error) {
    return report(error)
  }
}

/** What it measures with is loaded only when there is something to measure. */
async function run(asked: Asked): Promise<ExitCode> {
  switch (asked.benchmark) {
    case 'migrate':
      return await (await import('./migrate/bench.ts')).benchMigrate(root, asked)
    case 'fleet':
      return await (await import('./fleet/bench.ts')).benchFleet(root, asked)
    case 'planner':
      return await (await import('./planner/bench.ts')).benchPlanner(root, asked)
    case 'stall':
      return await (await import('./stall/bench.ts')).benchStall(root, asked)
    case 'integrity':
      return await (await import('./integrity/bench.ts')).benchIntegrity(root, asked)
    case 'api':
      return await (await import('./api/bench.ts')).benchApi(root, asked)
  }
}

/** @throws `bench.arguments` */
export function readOptions(args: readonly string[], env = process.env): Asked | 'help' {
  const { values, positionals } = parse(args)
  if (values.help || args.length === 0) return 'help'
  const benchmark = positionals.join(' ')
  if (!isBenchmark(benchmark)) throw wrong(`There is no benchmark "${benchmark}".`)
  const keys = keysOf[benchmark]
  if (keys === undefined && values.only !== undefined)
    throw wrong('--only is for the benchmarks "migrate" and "integrity".')
  if (benchmark !== 'fleet' && values.databases !== undefined)
    throw wrong('--databases is for the benchmark "fleet".')
  const rounds = Number(values.rounds ?? roundsOf[benchmark])
  if (!Number.isInteger(rounds) || rounds < 1)
    throw wrong(`--rounds ${values.rounds} is no number of rounds.`)
  const databases = Number(values.databases ?? 50)
  if (!Number.isInteger(databases) || databases < 1)
    throw wrong(`--databases ${values.databases} is no number of databases.`)
  if (benchmark !== 'api' && values.seconds !== undefined)
    throw wrong('--seconds is for the benchmark "api".')
  if (benchmark === 'api' && values.check) throw wrong('The benchmark "api" has no target to --check.')
  const seconds = Number(values.seconds ?? 5)
  if (!Number.isInteger(seconds) || seconds < 1) throw wrong(`--seconds ${values.seconds} is no time.`)
  const only = values.only?.split(',') ?? []
  const unknown = only.find((key) => !keys?.includes(key))
  if (unknown !== undefined) throw wrong(`There is no "${unknown}" to measure, only ${keys?.join(', ')}.`)
  return {
    benchmark,
    rounds,
    url: values.url ?? (env.BENCH_DATABASE_URL || undefined),
    json: values.json,
    check: values.check,
    only,
    databases,
    seconds,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        url: { type: 'string' },
        only: { type: 'string' },
        databases: { type: 'string' },
        seconds: { type: 'string' },
        json: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error))
  }
}

const wrong = (problem: string) => argumentsWrong({ problem, usage })

function report(error: unknown): ExitCode {
  const { text, exitCode } = tellError(error)
  process.stderr.write(`${text}\n`)
  return exitCode
}

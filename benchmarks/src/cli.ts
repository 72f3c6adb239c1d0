import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type ExitCode, exitCodes, Failure } from '@manybase/failure'
import { argumentsWrong } from './failures.ts'
import type { BenchOptions } from './migrate/bench.ts'
import { contestants } from './migrate/contestants/index.ts'

const usage = `Usage: pnpm bench migrate|fleet [options]

Measures our command and others that do the same, side by side: the repository's databases, or many with one
history.

  --rounds <n>     interleaved rounds (default: 10; fleet: 3)
  --url <url>      a server to measure on, as a user who may create databases; better in BENCH_DATABASE_URL,
                   since arguments are visible to everyone on the machine (default: an embedded server)
  --only <keys>    only these contestants of migrate, such as floor,floor_cached,db
  --json           the report as JSON, with every single value
  --check          exit code 4 when a target is missed or can't be judged
  --help           this page`

const keys = contestants.map(({ key }) => key)

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

/** Runs the command line and says how it ended. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const options = readOptions(args)
    if (options === 'help') {
      process.stdout.write(`${usage}\n`)
      return exitCodes.done
    }
    // What it measures with is loaded only when there is something to measure.
    if (options.benchmark === 'fleet')
      return await (await import('./fleet/bench.ts')).benchFleet(root, options)
    return await (await import('./migrate/bench.ts')).benchMigrate(root, options)
  } catch (error) {
    return report(error)
  }
}

type Benchmark = 'migrate' | 'fleet'

const roundsOf: Readonly<Record<Benchmark, number>> = { migrate: 10, fleet: 3 }

const isBenchmark = (name: string): name is Benchmark => Object.hasOwn(roundsOf, name)

/** @throws `bench.arguments` */
export function readOptions(
  args: readonly string[],
  env = process.env,
): (BenchOptions & { readonly benchmark: Benchmark }) | 'help' {
  const { values, positionals } = parse(args)
  if (values.help || args.length === 0) return 'help'
  const benchmark = positionals.join(' ')
  if (!isBenchmark(benchmark)) throw wrong(`There is no benchmark "${benchmark}".`)
  if (benchmark === 'fleet' && values.only !== undefined)
    throw wrong('--only is for the benchmark "migrate".')
  const rounds = Number(values.rounds ?? roundsOf[benchmark])
  if (!Number.isInteger(rounds) || rounds < 1)
    throw wrong(`--rounds ${values.rounds} is no number of rounds.`)
  const only = values.only?.split(',') ?? []
  const unknown = only.find((key) => !keys.includes(key))
  if (unknown !== undefined) throw wrong(`There is no contestant "${unknown}", only ${keys.join(', ')}.`)
  return {
    benchmark,
    rounds,
    url: values.url ?? (env.BENCH_DATABASE_URL || undefined),
    json: values.json,
    check: values.check,
    only,
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
  if (error instanceof Failure) {
    process.stderr.write(`✖ ${error.what} [${error.code}]\n  why  ${error.why}\n  fix  ${error.fix}\n`)
    return error.exitCode
  }
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  return exitCodes.bug
}

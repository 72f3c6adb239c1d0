import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type ExitCode, exitCodes, Failure } from '@manybase/failure'
import { argumentsWrong } from './failures.ts'
import type { BenchOptions } from './migrate/bench.ts'
import { contestants } from './migrate/contestants/index.ts'

const usage = `Usage: pnpm bench migrate [options]

Measures our command and others that do the same, side by side.

  --rounds <n>     interleaved rounds (default: 10)
  --url <url>      a server to measure on, as a user who may create databases; better in BENCH_DATABASE_URL,
                   since arguments are visible to everyone on the machine (default: an embedded server)
  --only <keys>    only these contestants, such as floor,floor_cached,db
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
    const { benchMigrate } = await import('./migrate/bench.ts')
    return await benchMigrate(root, options)
  } catch (error) {
    return report(error)
  }
}

/** @throws `bench.arguments` */
export function readOptions(args: readonly string[], env = process.env): BenchOptions | 'help' {
  const { values, positionals } = parse(args)
  if (values.help || args.length === 0) return 'help'
  if (positionals.join(' ') !== 'migrate') throw wrong(`There is no benchmark "${positionals.join(' ')}".`)
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw wrong(`--rounds ${values.rounds} is no number of rounds.`)
  const only = values.only?.split(',') ?? []
  const unknown = only.find((key) => !keys.includes(key))
  if (unknown !== undefined) throw wrong(`There is no contestant "${unknown}", only ${keys.join(', ')}.`)
  return {
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
        rounds: { type: 'string', default: '10' },
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

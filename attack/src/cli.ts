import { parseArgs } from 'node:util'
import { type ExitCode, exitCodes, tellError } from '@manybase/failure'
import { argumentsWrong } from './failures.ts'

const usage = `Usage: pnpm attack [options]

Attacks the integrity of references on two servers of its own, with everything installed as pnpm db:migrate does:
writers at all isolation levels, deletions, crashes and cut connections. Then all is left to heal, and judged.

  --minutes <n>        how long (default: 3; 0.5 is half a minute, 600 is a night)
  --seed <n>           makes the same choices again (default: one of its own, in the report); where it is odd,
                       deletions wake the sweepers, and where it is even, transactions are prepared there too
  --check-then-write   nothing installed, and applications that look before they write: it must find orphans
  --postgres <n>       release of the servers: 15, 16, 17 or 18 (default: the one of the repository)
  --json               the report as JSON
  --help               this page

Exit code 4 when a promise was broken; the report then has the history of the id.`

interface Asked {
  readonly minutes: number
  readonly seed: number
  readonly guarded: boolean
  readonly json: boolean
  readonly postgres: string | undefined
}

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

async function run({ minutes, seed, guarded, json, postgres }: Asked): Promise<ExitCode> {
  const [{ attack }, { renderReport }] = await Promise.all([import('./attack.ts'), import('./report.ts')])
  const onProgress = (line: string, isTick = false) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`)
    else if (!isTick) process.stderr.write(`${line}\n`)
  }
  const result = await attack({
    seed,
    duration: minutes * 60_000,
    guarded,
    postgres,
    onProgress,
    signal: stopSignal(),
  })
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K')
  process.stdout.write(`${json ? JSON.stringify(result, null, 2) : renderReport(result)}\n`)
  return result.violations.length > 0 ? exitCodes.found : exitCodes.done
}

/** Ctrl-C ends the attack early; what is left is judged all the same. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  return stop.signal
}

/** @throws `attack.arguments` */
export function readOptions(args: readonly string[]): Asked | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  const minutes = Number(values.minutes ?? 3)
  if (!(minutes > 0)) throw wrong(`--minutes ${values.minutes} is no time.`)
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32))
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw wrong(`--seed ${values.seed} is no whole number below ${2 ** 32}.`)
  }
  return { minutes, seed, guarded: !values['check-then-write'], json: values.json, postgres: values.postgres }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string' },
        seed: { type: 'string' },
        postgres: { type: 'string' },
        'check-then-write': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
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

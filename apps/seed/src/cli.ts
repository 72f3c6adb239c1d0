import { errorCode, errorMessage, exitCodes, isFailure, tellError } from '@manybase/failure'
import { Command, InvalidArgumentError } from 'commander'
import { scaleNames, usersOf } from './load/scale.ts'
import { type RunOptions, run } from './run.ts'

/** Runs the command line and says how it ended. */
export async function main(args: readonly string[], cwd: string): Promise<number> {
  let exitCode: number = exitCodes.done
  const program = describeCommand().action(async (options: RunOptions) => {
    exitCode = await run(cwd, options)
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (errorCode(error)?.startsWith('commander.')) return errorMessage(error) === '(outputHelp)' ? 0 : 2
    return report(error, args.includes('--json'))
  }
}

const describeCommand = (): Command =>
  new Command('db:seed')
    .description('Fills socrates_auth and socrates_specs with users and what they make.')
    .option('--scale <scale>', `${scaleNames.join(', ')}, or a number of users`, scale, 100)
    .option('--seed <number>', 'other numbers make other rows', whole, 1)
    .option('--until <time>', 'the present of the rows; default: now', moment)
    .option('--reset', 'drop both databases first, after a question, and bring them to head')
    .option('--yes', 'do not ask before a reset')
    .option('--force', 'also where NODE_ENV is "production"')
    .option('--measure', 'compare with a bare COPY of the same rows, on copies of the databases')
    .option('--config <file>', 'the catalog; default: databases.config.ts here or in a folder above')
    .option('--json', 'print the result as JSON on stdout, and nothing else')
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`)
    .exitOverride()
    .showSuggestionAfterError()

const examples = [
  'pnpm db:seed                                      100 users into empty databases',
  'pnpm db:seed --reset --yes --scale medium         2,000 users, and nothing of what was there',
  'pnpm db:seed --scale 500 --seed 7 --until 2026-01-01T00:00:00Z',
  '                                                  the same rows every time',
  'pnpm db:seed --measure --scale large              how fast it is',
]

function scale(text: string): number {
  const users = usersOf(text)
  if (users === undefined)
    throw new InvalidArgumentError(`It is none of ${scaleNames.join(', ')} and no number.`)
  return users
}

function whole(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number <= 0xffff_ffff) return number
  throw new InvalidArgumentError('It is not a whole number below 4294967296.')
}

function moment(text: string): number {
  const time = Date.parse(text)
  if (/^\d{4}-\d\d-\d\d/.test(text) && Number.isFinite(time)) return time
  throw new InvalidArgumentError('It is not a time such as 2026-01-01T00:00:00Z.')
}

function report(error: unknown, json: boolean): number {
  const { text, exitCode } = tellError(error)
  if (json && isFailure(error)) {
    const { code, what, why, fix, meta } = error
    process.stdout.write(`${JSON.stringify({ error: { code, what, why, fix, meta } }, null, 2)}\n`)
  } else process.stderr.write(`${text}\n`)
  return exitCode
}

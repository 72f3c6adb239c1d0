import { exitCodes } from '@manybase/failure'
import { InvalidArgumentError } from 'commander'
import { makeSlots } from '../fleet/slots.ts'
import { parseDuration } from '../history/duration.ts'
import { duration } from '../report/output.ts'
import { at } from '../server/explain.ts'
import { type CommonOptions, findTargets } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface WaitOptions extends CommonOptions, JobsFlag {
  /** Milliseconds. */
  readonly timeout?: number
}

const oneMinute = 60_000

export const wait: MakeCommand = (shell) =>
  withJobs(baseCommand('wait', 'wait until the servers answer'))
    .option('--timeout <time>', 'how long, such as 500ms, 30s or 5min; default: 60s', parseTime)
    .addHelpText(
      'after',
      `
A server that is down, starting, or has no connection left is waited for; a wrong password is not. Exit code 2 when the
time is over.`,
    )
    .showing({
      'pnpm db wait && pnpm db:migrate': 'in a container that starts beside its server',
      'pnpm db wait --only auth --timeout 5min': 'one server, for longer than a minute',
    })
    .action(
      action<WaitOptions>(shell, async (context, options) => {
        const { output } = context
        const { waitFor } = await import('../checks/wait.ts')
        const { waitTimedOut } = await import('../checks/failures.ts')
        const limit = options.timeout ?? oneMinute
        const slots = makeSlots(options.jobs)
        const results = await Promise.all(
          (await findTargets(context, options.only)).map((target) =>
            waitFor(target, {
              limit,
              slots,
              onWait: ({ name, connection: { host, port } }, reason) =>
                output.note(`  waiting for ${name} at ${host}:${port} (${reason})`),
            }),
          ),
        )
        const late = results.filter((result) => result.kind === 'timeout')
        if (late.length > 0) {
          const waiting = late.map(({ target, reason }) => ({ ...at(target), reason }))
          throw waitTimedOut({ waiting, waited: duration(limit) })
        }
        const ready = results.flatMap((result) => (result.kind === 'ready' ? result : []))
        const rows = ready.map(({ target, version, milliseconds }) => ({
          database: target.name,
          server: at(target).server,
          version: version ?? null,
          exists: version !== undefined,
          milliseconds: Math.round(milliseconds),
        }))
        if (options.json) output.data(JSON.stringify({ databases: rows }, null, 2))
        else
          for (const { database, server, version, milliseconds } of rows) {
            const what = version === null ? 'the database does not exist yet' : `PostgreSQL ${version}`
            output.data(`✅ ${database}: ${server} answers (${what}, after ${duration(milliseconds)})`)
          }
        return exitCodes.done
      }),
    )

function parseTime(text: string): number {
  const time = parseDuration(text)
  if (time === undefined) throw new InvalidArgumentError('It is not a time such as 30s.')
  return time
}

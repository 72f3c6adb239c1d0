import { once } from 'node:events'
import { exitCodes } from '@manybase/failure'
import { type Connections, findConnections, participants, withSessions } from '../../integrity/links.ts'
import { count, describeHolders, narrate } from '../../integrity/narrate.ts'
import type { CommonOptions, Context } from '../../settings/context.ts'
import { action, baseCommand, type MakeCommand } from '../command.ts'

interface SweepOptions extends CommonOptions {
  readonly watch?: boolean
}

export const sweep: MakeCommand = (shell) =>
  baseCommand('sweep', 'take the referential actions of rows that were deleted in other databases')
    .option('--watch', 'go on as deletions come, until it is stopped (SIGINT, SIGTERM)')
    .addHelpText(
      'after',
      `
Every step may be repeated, and several sweepers may run at once. A deletion is closed, and gets its receipt, when no
transaction is left that could still see the time before it.`,
    )
    .showing({
      'pnpm db integrity sweep': 'work off what is deleted by now',
      'pnpm db integrity sweep --watch': 'as a worker process of your own',
    })
    .action(
      action<SweepOptions>(shell, async (context, options) => {
        const connections = await findConnections(context, options)
        await (options.watch ? watch(context, connections, options) : sweepNow(context, connections, options))
        return exitCodes.done
      }),
    )

async function sweepNow(
  { output }: Context,
  connections: Connections,
  { json }: SweepOptions,
): Promise<void> {
  const { sweepOnce } = await import('@manybase/app-validation')
  const rounds = await withSessions(connections, 'sweep', async (open) => {
    const done = []
    for (const link of connections.links) {
      const [a, b, helper] = [
        await open(link, 'referenced'),
        await open(link, 'referencing'),
        await open(link, 'referencing'),
      ]
      const onWait = patiently((line) => output.note(`  ${link.referencing}: ${line}`))
      done.push({
        source: link.source,
        referencing: link.referencing,
        ...(await sweepOnce({ a, b, helpers: [helper] }, link, { onWait })),
      })
    }
    return done
  })
  if (json) return output.data(JSON.stringify({ sweeps: rounds }, null, 2))
  for (const { source, referencing, taken, rows, closed } of rounds) {
    output.data(
      `✅ ${referencing} after ${source}: ${count(taken, 'deletion')} taken over, ${count(rows, 'row')} deleted or set null, ${count(closed, 'receipt')} written`,
    )
  }
}

/** Says whom the barrier waits for when it takes longer, every ten seconds. */
function patiently(say: (line: string) => void) {
  let next = performance.now() + 2_000
  return (holders: Parameters<typeof describeHolders>[0]) => {
    if (performance.now() < next) return
    next = performance.now() + 10_000
    say(`waiting for ${describeHolders(holders)}`)
  }
}

async function watch({ output }: Context, connections: Connections, { json }: SweepOptions): Promise<void> {
  const { eventToJson, startSweeper } = await import('@manybase/app-validation/sweeper')
  const waiting = new Map<string, ReturnType<typeof patiently>>()
  const sweeper = startSweeper(participants(connections), {
    onEvent: (event) => {
      const say = () => (json ? output.data(JSON.stringify(eventToJson(event))) : output.data(narrate(event)))
      if (event.kind !== 'waiting') return say()
      const key = `${event.link.source} ${event.link.referencing}`
      const patient = waiting.get(key) ?? patiently(say)
      waiting.set(key, patient)
      patient(event.holders)
    },
  })
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await sweeper.stop()
}

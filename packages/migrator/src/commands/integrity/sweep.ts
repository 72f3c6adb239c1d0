import { once } from 'node:events'
import type { Holder, SweepEvent } from '@manybase/app-validation/sweeper'
import { exitCodes } from '@manybase/failure'
import { count } from '../../integrity/count.ts'
import { type Connections, findConnections, participants, withSessions } from '../../integrity/links.ts'
import { patiently } from '../../integrity/patiently.ts'
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
  const { describeHolders, sweepOnce } = await import('@manybase/app-validation')
  const { narrate } = await import('../../integrity/narrate.ts')
  const rounds = await withSessions(connections, 'sweep', async (open) => {
    const done = []
    for (const link of connections.links) {
      const [a, b, helper] = [
        await open(link, 'referenced'),
        await open(link, 'referencing'),
        await open(link, 'referencing'),
      ]
      const onWait = patiently((holders: readonly Holder[]) =>
        output.note(`  ${link.referencing}: waiting for ${describeHolders(holders)}`),
      )
      const onReplay = () => output.note(`  ${narrate({ kind: 'replayed', link })}`)
      done.push({
        source: link.source,
        referencing: link.referencing,
        ...(await sweepOnce({ a, b, helpers: [helper] }, link, { onWait, onReplay })),
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

async function watch({ output }: Context, connections: Connections, { json }: SweepOptions): Promise<void> {
  const { eventToJson, startSweeper } = await import('@manybase/app-validation/sweeper')
  const { narrate } = await import('../../integrity/narrate.ts')
  const waiting = new Map<string, (event: SweepEvent) => void>()
  const say = (event: SweepEvent) => output.data(json ? JSON.stringify(eventToJson(event)) : narrate(event))
  const sweeper = startSweeper(participants(connections), {
    onEvent: (event) => {
      if (event.kind !== 'waiting') return say(event)
      const key = `${event.link.source} ${event.link.referencing}`
      const patient = waiting.get(key) ?? patiently(say)
      waiting.set(key, patient)
      patient(event)
    },
  })
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await sweeper.stop()
}

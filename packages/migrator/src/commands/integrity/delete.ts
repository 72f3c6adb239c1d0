import type { DeleteOptions, DeleteRequest } from '@manybase/app-validation'
import { exitCodes } from '@manybase/failure'
import { Option } from 'commander'
import { count } from '../../integrity/count.ts'
import { type Connections, findConnections, withSessions } from '../../integrity/links.ts'
import { patiently } from '../../integrity/patiently.ts'
import { findReferenced } from '../../integrity/target.ts'
import { confirmed } from '../../settings/confirm.ts'
import type { CommonOptions, Context } from '../../settings/context.ts'
import { duration } from '../../settings/duration.ts'
import { baseCommand, contextFor, type MakeCommand } from '../command.ts'

interface Options extends CommonOptions {
  readonly table?: string
  readonly yes?: boolean
  /** Milliseconds. */
  readonly timeout: number
}

export const deleteRows: MakeCommand = (shell) =>
  baseCommand('delete', 'delete rows that other databases refer to, unless a Restrict reference names them')
    .argument('<ids...>', 'of the rows')
    .option('--table <name>', 'users, public.users or database:users; needed where references name several')
    .option('--yes', 'do not ask')
    .addOption(
      new Option('--timeout <time>', 'how long to wait for transactions that may name the rows')
        .argParser(duration)
        .default(10_000, '10s'),
    )
    .addHelpText(
      'after',
      `
Every referencing database is asked first; meanwhile writers that would name the rows are told to retry. What names them
otherwise is swept after. When the time is over, nothing is deleted, and the message says who was waited for.`,
    )
    .showing({
      'pnpm db integrity delete 6f1f64f6-6d6c-4f0b-9a3e-0f3b7a0c5d11': 'a user, after a question',
      'pnpm db integrity delete --table users 6f1f64f6-6d6c-4f0b-9a3e-0f3b7a0c5d11 --yes':
        'the same from a script',
      'pnpm db integrity delete 6f1f64f6-6d6c-4f0b-9a3e-0f3b7a0c5d11 --timeout 5min':
        'while a backup runs, which is waited for',
    })
    .action(async (ids: readonly string[], options: Options) => {
      const context = await contextFor(shell, options)
      const connections = await findConnections(context, options)
      const { source, target, links } = findReferenced(connections.links, options.table)
      const question = `Delete ${count(ids.length, 'row')} of ${target} in ${source}, and what names them elsewhere?`
      if (!(await confirmed(question, options.yes ?? false))) return shell.exit(exitCodes.declined)
      const onWait = await waitingNote(context)
      const { timeout } = options
      const gone = await removeArbitrated({ ...connections, links }, { target, ids }, { timeout, onWait })
      const deleted = gone.length
      if (options.json) context.output.data(JSON.stringify({ source, target, ids, deleted }, null, 2))
      else context.output.data(`✅ ${source}: ${count(deleted, 'row')} of ${target} deleted`)
      context.output.note(
        'What names them is swept by `pnpm db integrity sweep`, or by the worker that runs it.',
      )
      shell.exit(exitCodes.done)
    })

async function waitingNote({ output }: Context): Promise<NonNullable<DeleteOptions['onWait']>> {
  const { describeHolders } = await import('@manybase/app-validation')
  return patiently((holders) => output.note(`  waiting for ${describeHolders(holders)}`))
}

async function removeArbitrated(
  connections: Connections,
  request: DeleteRequest,
  options: DeleteOptions,
): Promise<readonly string[]> {
  const { deleteArbitrated } = await import('@manybase/app-validation')
  const [first] = connections.links
  if (!first) throw new Error('a referenced table has a link')
  return await withSessions(connections, 'delete', async (open) => {
    const [arbiter, deleter] = await Promise.all([open(first, 'referenced'), open(first, 'referenced')])
    const parties = await Promise.all(
      connections.links.map(async (link) => ({ link, b: await open(link, 'referencing') })),
    )
    return await deleteArbitrated(arbiter, deleter, parties, request, options)
  })
}

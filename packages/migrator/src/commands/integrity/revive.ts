import { exitCodes } from '@manybase/failure'
import { findConnections, withSessions } from '../../integrity/links.ts'
import { findReferenced } from '../../integrity/target.ts'
import type { CommonOptions } from '../../settings/context.ts'
import { baseCommand, contextFor, type MakeCommand } from '../command.ts'

interface ReviveOptions extends CommonOptions {
  readonly table?: string
}

export const revive: MakeCommand = (shell) =>
  baseCommand('revive', 'let the id of a deleted row be used again, once its sweep is complete')
    .argument('<id>', 'of the deleted row')
    .option('--table <name>', 'users, public.users or database:users; needed where references name several')
    .addHelpText('after', '\nWhat was deleted with the row does not come back. Its receipt stays.')
    .showing({
      'pnpm db integrity revive 6f1f64f6-6d6c-4f0b-9a3e-0f3b7a0c5d11':
        'before a user is put back from a backup',
    })
    .action(async (id: string, options: ReviveOptions) => {
      const context = await contextFor(shell, options)
      const app = await import('@manybase/app-validation')
      const connections = await findConnections(context, options)
      const { source, target, links } = findReferenced(connections.links, options.table)
      const revived = await withSessions(connections, 'revive', async (open) => {
        const parties = await Promise.all(
          links.map(async (link) => ({ link, b: await open(link, 'referencing') })),
        )
        const [first] = links
        if (!first) throw new Error('a referenced table has a link')
        return await app.revive(await open(first, 'referenced'), parties, target, id)
      })
      if (options.json) context.output.data(JSON.stringify({ source, target, id, revived }, null, 2))
      else if (revived) context.output.data(`✅ ${source}: ${id} of ${target} may be used again`)
      else context.output.data(`${source}: ${id} of ${target} was not deleted`)
      shell.exit(exitCodes.done)
    })

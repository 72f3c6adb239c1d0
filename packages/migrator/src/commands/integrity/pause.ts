import { exitCodes } from '@manybase/failure'
import { findConnections, withSessions } from '../../integrity/links.ts'
import type { CommonOptions } from '../../settings/context.ts'
import { action, baseCommand, type MakeCommand } from '../command.ts'

interface PauseOptions extends CommonOptions {
  readonly reason: string
}

export const pause: MakeCommand = (shell) =>
  baseCommand('pause', 'stop the sweeping: nothing is deleted or set null until it is resumed')
    .requiredOption('--reason <text>', 'what everybody is told who looks')
    .addHelpText(
      'after',
      '\nDeletions are kept in the log meanwhile, and rows that name deleted ones are refused all the same.',
    )
    .showing({ "pnpm db integrity pause --reason 'restoring socrates_auth'": 'before a restore' })
    .action(
      action<PauseOptions>(shell, async (context, options) => {
        const app = await import('@manybase/app-validation')
        const connections = await findConnections(context, options)
        const paused = await withSessions(connections, 'pause', async (open) => {
          for (const link of connections.links)
            await app.pause(await open(link, 'referencing'), link.source, options.reason)
          return connections.links.map(({ source, referencing }) => ({
            source,
            referencing,
            reason: options.reason,
          }))
        })
        if (options.json) context.output.data(JSON.stringify({ paused }, null, 2))
        else
          for (const { source, referencing } of paused)
            context.output.data(`✅ ${referencing} after ${source}: paused`)
        return exitCodes.done
      }),
    )

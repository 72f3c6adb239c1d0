import { exitCodes } from '@manybase/failure'
import { findConnections, withSessions } from '../../integrity/links.ts'
import type { CommonOptions } from '../../settings/context.ts'
import { action, baseCommand, type MakeCommand } from '../command.ts'

export const resume: MakeCommand = (shell) =>
  baseCommand('resume', 'let the sweeping go on that was paused')
    .showing({ 'pnpm db integrity resume': 'when it is settled why it was stopped' })
    .action(
      action<CommonOptions>(shell, async (context, options) => {
        const app = await import('@manybase/app-validation')
        const connections = await findConnections(context, options)
        const resumed = await withSessions(connections, 'resume', async (open) => {
          const each = connections.links.map(async (link) => {
            const control = await app.resume(await open(link, 'referencing'), link.source)
            return { source: link.source, referencing: link.referencing, was: control ?? null }
          })
          return await Promise.all(each)
        })
        if (options.json) context.output.data(JSON.stringify({ resumed }, null, 2))
        else {
          for (const { source, referencing, was } of resumed) {
            const before = was === null ? 'was not paused' : `resumed (${was.role} said: ${was.reason})`
            context.output.data(`✅ ${referencing} after ${source}: ${before}`)
          }
        }
        return exitCodes.done
      }),
    )

import { exitCodes } from '@manybase/failure'
import { count } from '../../integrity/count.ts'
import { findConnections, withSessions } from '../../integrity/links.ts'
import type { CommonOptions } from '../../settings/context.ts'
import { action, baseCommand, type MakeCommand } from '../command.ts'

interface ResumeOptions extends CommonOptions {
  readonly accept?: boolean
}

export const resume: MakeCommand = (shell) =>
  baseCommand('resume', 'let the sweeping go on that was paused, or frozen after a restore')
    .option('--accept', 'after a restore: ids that live again live on, and their deletion is forgotten')
    .showing({
      'pnpm db integrity resume': 'when it is settled why it was stopped',
      'pnpm db integrity resume --accept': 'when restored users are to live on',
    })
    .action(
      action<ResumeOptions>(shell, async (context, options) => {
        const app = await import('@manybase/app-validation')
        const connections = await findConnections(context, options)
        const resumed = await withSessions(connections, 'resume', async (open) => {
          const each = connections.links.map(async (link) => {
            const sessions = { a: await open(link, 'referenced'), b: await open(link, 'referencing') }
            const { was, lifted } = await app.thaw(sessions, link, options.accept)
            return { source: link.source, referencing: link.referencing, was: was ?? null, lifted }
          })
          return await Promise.all(each)
        })
        if (options.json) context.output.data(JSON.stringify({ resumed }, null, 2))
        else {
          for (const { source, referencing, was, lifted } of resumed) {
            const before = was === null ? 'was not paused' : `resumed (${was.role} said: ${was.reason})`
            const living = lifted > 0 ? `; ${count(lifted, 'deleted id')} may live again` : ''
            context.output.data(`✅ ${referencing} after ${source}: ${before}${living}`)
          }
        }
        return exitCodes.done
      }),
    )

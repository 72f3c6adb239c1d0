import { referenceIntegrity } from '@manybase/app-validation/migrate'
import { exitCodes } from '@manybase/failure'
import { attachCompanion } from '../../companion/attachment.ts'
import { openWork } from '../../companion/open.ts'
import { type Settlement, settle } from '../../companion/settle.ts'
import { lockAll } from '../../execute/lock.ts'
import { confirmed } from '../../settings/confirm.ts'
import { type CommonOptions, type Context, findTargets } from '../../settings/context.ts'
import { readStates, withWorkspace } from '../../workspace.ts'
import { action, baseCommand, type MakeCommand } from '../command.ts'

interface UninstallOptions extends CommonOptions {
  readonly yes?: boolean
}

export const uninstall: MakeCommand = (shell) =>
  baseCommand(
    'uninstall',
    'remove the schema integrity and its triggers, with all that is known of deletions',
  )
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nAs long as the catalog has `integrity`, the next `pnpm db:migrate` installs it again.',
    )
    .showing({
      'pnpm db integrity uninstall --yes': 'from all databases',
      'pnpm db integrity uninstall --only specs': 'from one of them, after a question',
    })
    .action(
      action<UninstallOptions>(shell, async (context, options) => {
        const { output, catalog } = context
        const question = 'Remove triggers, tombstones, receipts and quarantine? Nothing refuses orphans then.'
        if (!(await confirmed(question, options.yes ?? false))) return exitCodes.declined
        const settlements = await removeFrom(context, options)
        if (options.json) output.data(JSON.stringify({ integrity: settlements }, null, 2))
        for (const { databases, outcome } of options.json ? [] : settlements) {
          const what = outcome === 'removed' ? 'removed' : 'nothing was there'
          output.data(`✅ integrity of ${databases.join(', ')}: ${what}`)
        }
        if (catalog.integrity)
          output.note('The next `pnpm db:migrate` installs it again: the catalog has `integrity`.')
        return exitCodes.done
      }),
    )

async function removeFrom(context: Context, { only }: CommonOptions): Promise<readonly Settlement[]> {
  const catalog = { ...context.catalog, integrity: referenceIntegrity({ install: false }) }
  const targets = await findTargets(context, only)
  const attachment = await attachCompanion({ ...context, catalog }, targets)
  if (!attachment) throw new Error('a catalog with a companion attaches it')
  const work = await openWork(attachment)
  return await withWorkspace(targets, { create: false }, async (workspace) => {
    await lockAll(workspace.sessions, { waitSeconds: 60 })
    const states = await readStates(workspace)
    const settlements: Settlement[] = []
    for (const session of workspace.sessions) settlements.push(await settle(work, session, states))
    return settlements
  })
}

import { referenceIntegrity } from '@manybase/app-validation/migrate'
import { exitCodes } from '@manybase/failure'
import { entryOf, type Target } from '../../catalog/target.ts'
import { type Attachment, attachCompanion, placeOf } from '../../companion/attachment.ts'
import { openWork } from '../../companion/open.ts'
import { type Settlement, settle } from '../../companion/settle.ts'
import { lockAll } from '../../execute/lock.ts'
import { sharedPlace } from '../../integrity/failures.ts'
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
        const removal = await planRemoval(context, options)
        const question = 'Remove triggers, tombstones, receipts and quarantine? Nothing refuses orphans then.'
        if (!(await confirmed(question, options.yes ?? false))) return exitCodes.declined
        const settlements = await remove(removal)
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

interface Removal {
  readonly targets: readonly Target[]
  readonly attachment: Attachment
}

/** @throws `integrity.shared` where it would be taken from databases that are not selected, too */
async function planRemoval(context: Context, { only }: CommonOptions): Promise<Removal> {
  const catalog = { ...context.catalog, integrity: referenceIntegrity({ install: false }) }
  const targets = await findTargets(context, only)
  const attachment = await attachCompanion({ ...context, catalog }, targets)
  if (!attachment) throw new Error('a catalog with a companion attaches it')
  const places = new Set(targets.map(placeOf))
  const selected = new Set(targets.map(entryOf))
  const beside = attachment.sites.filter(({ place }) => places.has(place))
  const others = beside.filter(({ name }) => !selected.has(name)).map(({ name }) => name)
  if (others.length > 0) throw sharedPlace({ selected: [...selected], others })
  return { targets, attachment }
}

async function remove({ targets, attachment }: Removal): Promise<readonly Settlement[]> {
  const work = await openWork(attachment)
  return await withWorkspace(targets, { create: false }, async (workspace) => {
    await lockAll(workspace.sessions, { waitSeconds: 60 })
    const states = await readStates(workspace)
    const settlements: Settlement[] = []
    for (const session of workspace.sessions) settlements.push(await settle(work, session, states))
    return settlements
  })
}

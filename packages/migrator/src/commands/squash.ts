import { relative } from 'node:path'
import { exitCodes } from '@manybase/failure'
import { squashRefused } from '../authoring/failures.ts'
import { draftSquash, proveSquash, straightLine } from '../authoring/squash.ts'
import { applySquash, isApplied, mendSquashes } from '../authoring/squash-ledger.ts'
import { revisionsIn } from '../plan/range.ts'
import { parseRange } from '../plan/target.ts'
import { confirmed } from '../settings/confirm.ts'
import { type CommonOptions, type Context, findReferences } from '../settings/context.ts'
import { nameIn, orBlocked, readSituation } from '../settings/situation.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface SquashOptions extends CommonOptions {
  readonly message?: string
  readonly yes?: boolean
}

export const squash: MakeCommand = (shell) =>
  baseCommand('squash', 'put one revision in the place of several')
    .argument('<range>', 'A:B, both included')
    .option('-m, --message <text>', 'the title of the new revision; default: squash A to B')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
A squash that was killed is completed or taken back by the next one.
The new revision is proved in shadow databases to make the same and to leave no trace on its way back. The ledger of
the database that the URL names is mended; every other one that has the revisions needs a pnpm db stamp.`,
    )
    .showing({
      'pnpm db squash 003:006': 'four revisions become one, after a question',
      'pnpm db squash specs@003:specs@006 -m "First year" --yes': 'the same with a title, and without one',
    })
    .action(async (text: string, options: SquashOptions) => {
      const context = await contextFor(shell, options)
      shell.exit(await run(context, text, options))
    })

async function run(context: Context, text: string, options: SquashOptions) {
  const { output, catalog, cwd } = context
  const range = parseRange(text, nameIn(context))
  for (const { revision, completed } of await mendSquashes(await findReferences(context, options.only), {
    waitSeconds: 60,
  })) {
    output.note(
      `⚠ A squash to ${revision || 'a new revision'} was interrupted; it is now ${completed ? 'complete' : 'taken back'}.`,
    )
  }
  const situation = await readSituation(context, options, { ledgers: true })
  const nodes = straightLine(orBlocked(revisionsIn(situation, range)))
  const [first] = nodes
  const database = first?.revision.database
  const targets = await findReferences(context, options.only)
  const target = targets.find(({ name }) => name === database)
  const state = situation.states.find((each) => each.database === database)
  if (!first || !target || !state) throw squashRefused({ revisions: [], problem: 'the range is empty' })
  const draft = draftSquash(target, state.history, nodes, options.message)
  const where = `${target.name} at ${target.connection.host}:${target.connection.port}`
  const applied = isApplied(state, draft)
  await proveSquash(draft, state.history, first)
  const names = draft.replaced.map(({ name }) => name)
  const question = `Replace ${names.join(', ')} by ${draft.revision.name}, ${applied ? `also in the ledger of ${where}, which has them` : `which ${where} has not applied`}?`
  if (!(await confirmed(question, options.yes ?? false))) return exitCodes.declined
  const path = await applySquash(draft, {
    waitSeconds: 60,
    onWait: (_session, holder) => output.note(`  waiting for another migrator on ${where} (${holder})`),
  })
  if (options.json) {
    const directory = relative(catalog.root, path)
    const squashed = { database, revision: draft.revision.name, directory, replaced: names, applied }
    output.data(JSON.stringify({ squashed }, null, 2))
  } else output.data(relative(cwd, path))
  output.note(
    `Every other database that has them must be told where it stands: pnpm db stamp ${database}@REVISION --purge`,
  )
  return exitCodes.done
}

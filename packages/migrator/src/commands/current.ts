import { exitCodes } from '@manybase/failure'
import { explainFinding } from '../plan/findings.ts'
import { currentNodes } from '../plan/situation.ts'
import { isAtHead } from '../plan/state.ts'
import { renderEntry, renderHead, revisionToJson, viewOf } from '../report/revision.ts'
import { type CommonOptions, findTargets } from '../settings/context.ts'
import { readSituation } from '../settings/situation.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface CurrentOptions extends CommonOptions {
  readonly verbose?: boolean
}

export const current: MakeCommand = (shell) =>
  baseCommand('current', 'show at which revision each database stands')
    .option('-v, --verbose', 'all that the headers say, and where the databases are')
    .showing({
      'pnpm db current': 'a line for each database',
      'pnpm db current --verbose --only auth': 'with all that the header says, and where the database is',
    })
    .action(
      action<CurrentOptions>(shell, async (context, options) => {
        const { output, catalog } = context
        const situation = await readSituation(context, options, { ledgers: true })
        const view = viewOf(catalog.root, situation)
        const databases = situation.states.map((state) => ({
          database: state.database,
          nodes: currentNodes(situation, state.database),
          atHead: isAtHead(state),
        }))
        // A ledger that the history doesn't explain makes what follows only half the truth.
        for (const finding of situation.states.flatMap(({ findings }) => findings)) {
          output.note(explainFinding(finding).what)
        }
        if (options.json) {
          const found = databases.map(({ database, nodes, atHead }) => ({
            database,
            atHead,
            revisions: nodes.map((node) => revisionToJson(node, catalog.root, true)),
          }))
          output.data(JSON.stringify({ databases: found }, null, 2))
          return exitCodes.done
        }
        const places = new Map(
          (options.verbose ? await findTargets(context, options.only) : []).map((target) => [
            target.name,
            target.connection.masked,
          ]),
        )
        for (const { database, nodes } of databases) {
          if (options.verbose) output.data(`Current revision(s) for ${database} at ${places.get(database)}:`)
          if (nodes.length === 0) output.data(view.labelled ? `<base> (${database})` : '<base>')
          for (const node of nodes) {
            for (const line of options.verbose ? renderEntry(node, view) : [renderHead(node, view)]) {
              output.data(line)
            }
          }
        }
        return exitCodes.done
      }),
    )

import { exitCodes } from '@manybase/failure'
import { revisionsIn } from '../plan/range.ts'
import { currentNodes } from '../plan/situation.ts'
import { asksLedger, parseRange, type RevisionRange, toBase, toHeads } from '../plan/target.ts'
import { renderEntry, renderLine, revisionToJson, viewOf } from '../report/revision.ts'
import type { CommonOptions } from '../settings/context.ts'
import { nameIn, orBlocked, readSituation } from '../settings/situation.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface HistoryOptions extends CommonOptions {
  readonly indicateCurrent?: boolean
  readonly revRange?: string
  readonly verbose?: boolean
}

export const history: MakeCommand = (shell) =>
  baseCommand('history', 'show the revisions, newest first')
    .option('-r, --rev-range <A:B>', 'only these; A: is up to the heads, :B from base on')
    .option('-v, --verbose', 'all that the headers say')
    .option('-i, --indicate-current', 'mark where the databases stand; this asks the server')
    .showing({
      'pnpm db history': 'all revisions',
      'pnpm db history -r 003:005': 'from 003 up to 005',
      'pnpm db history -r specs@-3:': 'the last three steps of one database',
      'pnpm db history -r current:head': 'what is pending; this asks the server',
      'pnpm db history --verbose --indicate-current':
        'all that the headers say, and where the databases stand',
    })
    .action(
      action<HistoryOptions>(shell, async (context, options) => {
        const { output, catalog } = context
        const range = options.revRange ? parseRange(options.revRange, nameIn(context)) : everything
        const ledgers = options.indicateCurrent === true || asksServer(range)
        const situation = await readSituation(context, options, { ledgers })
        const nodes = orBlocked(revisionsIn(situation, range))
        const marked = options.indicateCurrent
          ? situation.selected.flatMap((database) => currentNodes(situation, database))
          : []
        const view = viewOf(catalog.root, situation, marked)
        if (options.json) {
          const isCurrent = (node: (typeof nodes)[number]) =>
            options.indicateCurrent ? view.current.has(node) : null
          const revisions = nodes.map((node) => revisionToJson(node, catalog.root, isCurrent(node)))
          output.data(JSON.stringify({ revisions }, null, 2))
        } else if (options.verbose) {
          for (const line of nodes.flatMap((node) => renderEntry(node, view))) output.data(line)
        } else for (const node of nodes) output.data(renderLine(node, view))
        return exitCodes.done
      }),
    )

const everything: RevisionRange = { from: toBase, to: toHeads }

/** Steps in a range count from its other end, so only `current` asks where the databases stand. */
const asksServer = ({ from, to }: RevisionRange): boolean =>
  [from, to].some((end) => end.anchor !== undefined && asksLedger(end))

import { exitCodes } from '@manybase/failure'
import { headNodes } from '../plan/situation.ts'
import { renderEntry, renderName, revisionToJson, viewOf } from '../report/revision.ts'
import type { CommonOptions } from '../settings/context.ts'
import { readSituation } from '../settings/situation.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface HeadsOptions extends CommonOptions {
  readonly verbose?: boolean
}

export const heads: MakeCommand = (shell) =>
  baseCommand('heads', 'show the newest revisions of each history')
    .option('-v, --verbose', 'all that the headers say')
    .showing({
      'pnpm db heads': 'a line for each head; two of one history want a merge',
      'pnpm db heads --verbose --only specs': 'with all that the headers say',
    })
    .action(
      action<HeadsOptions>(shell, async (context, options) => {
        const { output, catalog } = context
        const situation = await readSituation(context, options, { ledgers: false })
        const nodes = situation.selected.flatMap((database) => headNodes(situation, database))
        const view = viewOf(catalog.root, situation)
        if (options.json) {
          const found = nodes.map((node) => revisionToJson(node, catalog.root, null))
          output.data(JSON.stringify({ heads: found }, null, 2))
        } else
          for (const line of nodes.flatMap((node) =>
            options.verbose ? renderEntry(node, view) : [renderName(node, view)],
          ))
            output.data(line)
        return exitCodes.done
      }),
    )

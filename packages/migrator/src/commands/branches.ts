import { exitCodes } from '@manybase/failure'
import type { RevisionNode } from '../plan/graph.ts'
import { sortNewestFirst } from '../plan/sort.ts'
import { type RevisionView, renderEntry, renderHead, revisionToJson, viewOf } from '../report/revision.ts'
import type { CommonOptions } from '../settings/context.ts'
import { readSituation } from '../settings/situation.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface BranchesOptions extends CommonOptions {
  readonly verbose?: boolean
}

export const branches: MakeCommand = (shell) =>
  baseCommand('branches', 'show the revisions that more than one other revises')
    .option('-v, --verbose', 'all that the headers say')
    .showing({
      'pnpm db branches': 'where the histories part',
      'pnpm db branches --verbose --only specs': 'with all that the headers say, in one history',
    })
    .action(
      action<BranchesOptions>(shell, async (context, options) => {
        const { output, catalog } = context
        const situation = await readSituation(context, options, { ledgers: false })
        const points = sortNewestFirst(new Set(situation.graph.nodes)).filter(
          ({ children }) => children.length > 1,
        )
        const view = viewOf(catalog.root, situation)
        if (options.json) {
          const found = points.map((node) => ({
            ...revisionToJson(node, catalog.root, null),
            branches: node.children.map(({ revision }) => revision.id),
          }))
          output.data(JSON.stringify({ branchPoints: found }, null, 2))
        } else for (const line of points.flatMap((node) => render(node, view, options))) output.data(line)
        if (points.length === 0) output.note('No history branches.')
        return exitCodes.done
      }),
    )

const render = (node: RevisionNode, view: RevisionView, { verbose }: BranchesOptions): string[] => [
  ...(verbose ? renderEntry(node, view) : [renderHead(node, view)]),
  ...node.children.map((child) => `${' '.repeat(node.revision.id.length)} -> ${renderHead(child, view)}`),
]

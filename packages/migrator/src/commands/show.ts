import { exitCodes, isFailure } from '@manybase/failure'
import { readHeader } from '@manybase/schema-engine/script'
import { findDatabase } from '../catalog/catalog.ts'
import { readFiles } from '../history/files.ts'
import { inspectRows } from '../ledger/inspect.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import type { RevisionNode } from '../plan/graph.ts'
import { resolveTarget } from '../plan/resolve.ts'
import type { Situation } from '../plan/situation.ts'
import { asksLedger, parseTarget } from '../plan/target.ts'
import { renderLedger, renderMakeUp } from '../report/make-up.ts'
import { renderEntry, revisionToJson, viewOf } from '../report/revision.ts'
import type { CommonOptions, Context } from '../settings/context.ts'
import { findRunning } from '../settings/running.ts'
import { nameIn, orBlocked, readSituation } from '../settings/situation.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface ShowOptions extends CommonOptions {
  readonly offline?: boolean
}

export const show: MakeCommand = (shell) =>
  baseCommand('show', 'show a revision: header, files, tables, and its rows in the ledger')
    .argument('<revision>', 'a revision, head, heads, current, or one of these as NAME@…')
    .option('--offline', 'leave the server alone, and so the ledger')
    .showing({
      'pnpm db show 005': 'one revision, and its row in the ledger',
      'pnpm db show specs@head-1 --offline': 'the last but one; no server is asked',
    })
    .action(async (text: string, options: ShowOptions) => {
      const context = await contextFor(shell, options)
      const target = parseTarget(text, nameIn(context))
      const situation = await readSituation(context, options, { ledgers: asksLedger(target) })
      const nodes = orBlocked(resolveTarget(situation, target)).flatMap((resolved) => resolved.nodes)
      const shown = await Promise.all(nodes.map((node) => describe(context, node, options)))
      if (options.json) {
        const revisions = shown.map(({ node, ...more }) => ({
          ...revisionToJson(node, context.catalog.root, null),
          ...more,
        }))
        context.output.data(JSON.stringify({ revisions }, null, 2))
      } else
        for (const line of shown.flatMap((each) => render(context, situation, each)))
          context.output.data(line)
      shell.exit(exitCodes.done)
    })

async function describe(context: Context, node: RevisionNode, { offline }: ShowOptions) {
  const { revision } = node
  const { creates, transaction } = readHeader(revision.script)
  const files = readFiles(revision)
  return {
    node,
    creates,
    transaction,
    checksum: revision.checksum,
    files,
    reversible: files.some(({ name }) => name === 'down.sql'),
    ledger: offline ? null : await ledgerOf(context, node),
  }
}

type Shown = Awaited<ReturnType<typeof describe>>

/** A server that can't be asked is a remark here, since everything else is on disk. */
async function ledgerOf(context: Context, { revision }: RevisionNode): Promise<readonly LedgerRow[] | null> {
  const target = await findRunning(context, findDatabase(context.catalog, revision.database))
  if (!target) return null
  try {
    return (await inspectRows(target)).filter(({ name }) => name === revision.name)
  } catch (error) {
    if (!isFailure(error)) throw error
    context.output.note(`The ledger isn't read: ${error.what}`)
    return null
  }
}

const render = ({ catalog }: Context, situation: Situation, { node, ledger, ...more }: Shown): string[] =>
  renderEntry(node, viewOf(catalog.root, situation), [...renderMakeUp(more), ...renderLedger(ledger)])

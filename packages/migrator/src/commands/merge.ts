import { relative } from 'node:path'
import { exitCodes } from '@manybase/failure'
import { mergeHeads } from '../authoring/merge.ts'
import { resolveTarget } from '../plan/resolve.ts'
import { asksLedger, parseTarget } from '../plan/target.ts'
import type { CommonOptions } from '../settings/context.ts'
import { nameIn, orBlocked, readSituation } from '../settings/situation.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface MergeOptions extends CommonOptions {
  readonly message?: string
}

export const merge: MakeCommand = (shell) =>
  baseCommand('merge', 'write the revision that joins several heads of one history')
    .argument('<revisions...>', 'the heads; NAME@heads for all of them')
    .option('-m, --message <text>', 'what it is about; default: merge A and B')
    .showing({
      'pnpm db merge 010 011': 'join two heads',
      'pnpm db merge specs@heads -m "notes and tags"': 'all heads of one history, with a title',
    })
    .action(async (texts: readonly string[], options: MergeOptions) => {
      const context = await contextFor(shell, options)
      const { output, catalog, cwd } = context
      const targets = texts.map((text) => parseTarget(text, nameIn(context)))
      const situation = await readSituation(context, options, { ledgers: targets.some(asksLedger) })
      const nodes = targets.flatMap((target) =>
        orBlocked(resolveTarget(situation, target)).flatMap((resolved) => resolved.nodes),
      )
      const { path, name, ...merged } = mergeHeads(catalog, nodes, options.message)
      if (options.json) {
        const directory = relative(catalog.root, path)
        output.data(JSON.stringify({ merged: { ...merged, revision: name, directory } }, null, 2))
      } else output.data(relative(cwd, path))
      shell.exit(exitCodes.done)
    })

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defineFailure, errorCode, exitCodes } from '@manybase/failure'
import { loadCatalog } from '../catalog/load.ts'
import { type Candidate, type Candidates, renderCandidates, startingWith } from '../completion/candidate.ts'
import { ownWords } from '../completion/command-line.ts'
import { complete } from '../completion/complete.ts'
import { shells } from '../completion/scripts/scripts.ts'
import { makeOutput } from '../report/output.ts'
import type { CommonOptions } from '../settings/context.ts'
import { type MakeCommand, plainCommand, type Shell } from './command.ts'

const shellUnknown = defineFailure<{ shell: string; known: readonly string[] }>(
  'completion.shell-unknown',
  exitCodes.precondition,
  ({ shell, known }) => ({
    what: `There is no completion for ${shell}.`,
    why: `Shells that can be completed in are ${known.join(', ')}.`,
    fix: 'Name one of these.',
  }),
)

export const completion: MakeCommand = (shell) =>
  plainCommand('completion', 'print the script with which a shell completes commands, options and revisions')
    .argument('<shell>', Object.keys(shells).join(', '))
    .argument('[words...]', 'after --: print what can stand at the end of this command line')
    .addHelpText(
      'after',
      `
It completes "db", "node_modules/.bin/db" and "pnpm db"; pnpm's own completion goes on doing the rest when its
script is read before. No server is asked: revisions, databases and tables are those on disk.`,
    )
    .showing({
      'source <(pnpm -s db completion bash)': 'in ~/.bashrc, from the folder of the repository',
      'pnpm -s db completion zsh > ~/.zfunc/_db': 'in a folder of $fpath',
      'pnpm -s db completion fish > ~/.config/fish/completions/db.fish': 'for every new shell',
      'pnpm -s db completion bash -- pnpm db upgrade auth@': 'what could come next, as the script asks',
    })
    .action(async (name: string, words: readonly string[], options: CommonOptions) => {
      const makeScript = shells[name]
      if (!makeScript) throw shellUnknown({ shell: name, known: Object.keys(shells) })
      const { data } = makeOutput(options.json === true)
      if (words.length > 0) {
        const candidates = await answer(shell, words)
        if (options.json) data(JSON.stringify({ candidates }, null, 2))
        else for (const line of renderCandidates(candidates)) data(line)
        return
      }
      const script = makeScript(askingCommand(name))
      data(options.json ? JSON.stringify({ shell: name, script }, null, 2) : script.trimEnd())
    })

async function answer({ cwd, program, outline }: Shell, words: readonly string[]): Promise<Candidates> {
  const own = ownWords(words)
  // A command's name alone is completed without loading all commands, which takes longer than all else.
  if (own?.length === 1 && outline !== undefined) return startingWith(own[0] ?? '', readOutline(outline))
  return own ? await complete(own, program, (config) => catalogAt(cwd, config)) : []
}

const readOutline = (file: string): readonly Candidate[] => JSON.parse(readFileSync(file, 'utf8'))

/** A folder without a catalog, or with one that can't be read, has no names to complete. */
async function catalogAt(cwd: string, config: string | undefined) {
  try {
    return await loadCatalog(cwd, config)
  } catch (error) {
    if (errorCode(error)?.startsWith('config.')) return undefined
    throw error
  }
}

/** Node and the command by their paths: pnpm would take half a second before it begins. */
function askingCommand(shell: string): string {
  const [, start = ''] = process.argv
  // The path of the Node that runs now has its version in it; this one outlives an update.
  const pinned = join(dirname(start), '../../../node_modules/.bin/node')
  const node = existsSync(pinned) ? pinned : process.execPath
  return [node, start, 'completion', shell, '--'].map(quote).join(' ')
}

const quote = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

import { existsSync } from 'node:fs'
import { exitCodes } from '@manybase/failure'
import { InvalidArgumentError } from 'commander'
import { namesIn, select } from '../catalog/catalog.ts'
import { checkKinds, explainCheck } from '../checks/findings.ts'
import { readHistory } from '../history/read.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { inspectStates } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

function parseKinds(text: string): readonly string[] {
  const kinds = text.split(',')
  const unknown = kinds.find((kind) => !checkKinds.includes(kind))
  if (unknown !== undefined)
    throw new InvalidArgumentError(`"${unknown}" is none of ${checkKinds.join(', ')}.`)
  return kinds
}

interface VerifyOptions extends CommonOptions {
  readonly offline?: boolean
  readonly skip: readonly string[]
}

export const verify: MakeCommand = (shell) =>
  baseCommand('verify', 'hold the histories to themselves and to the ledgers; exit code 4 when one is wrong')
    .option('--offline', 'leave the servers alone: only what is on disk')
    .option('--skip <kinds>', 'leave findings of these kinds out', parseKinds, [])
    .addHelpText(
      'after',
      `
What can be found:
  ${checkKinds.join('\n  ')}`,
    )
    .showing({
      'pnpm db verify': 'histories and ledgers',
      'pnpm db verify --offline': 'in a pull request: no server is needed',
      'pnpm db verify --skip down-missing': 'for histories that only go forward',
    })
    .action(
      action<VerifyOptions>(shell, async (context, options) => {
        const { output } = context
        // The grammar of PostgreSQL comes along.
        const { verifyHistories } = await import('../checks/verify.ts')
        const { verified, others } = await readAll(context, options)
        const results = (await verifyHistories(verified, others, namesIn(context.catalog))).map((result) => ({
          ...result,
          findings: result.findings
            .filter(({ kind }) => !options.skip.includes(kind))
            .map((finding) => ({ ...finding, ...explainCheck(finding) })),
        }))
        if (options.json) output.data(JSON.stringify({ databases: results }, null, 2))
        else {
          for (const { database, revisions, findings } of results) {
            if (findings.length === 0) output.data(`✅ ${database}: ${revisions} revisions, nothing found`)
            for (const { kind, what, why, fix } of findings) {
              output.data(`✖ ${database}  ${kind}\n  ${what}\n  why  ${why}\n  fix  ${fix}`)
            }
          }
        }
        return results.every(({ findings }) => findings.length === 0) ? exitCodes.done : exitCodes.found
      }),
    )

async function readAll(context: Context, { only, offline }: VerifyOptions) {
  const { catalog } = context
  const selected = select(catalog, only ?? [])
  const others = catalog.databases.filter(
    (database) => !selected.includes(database) && existsSync(database.migrations),
  )
  if (offline) {
    const verified = selected.map((database) => ({ history: readHistory(database) }))
    return { verified, others: others.map(readHistory) }
  }
  const states = await inspectStates(await findTargets(context, only))
  return {
    verified: states.map((state) => ({ history: state.history, state })),
    others: others.map(readHistory),
  }
}

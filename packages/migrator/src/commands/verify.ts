import { existsSync } from 'node:fs'
import { exitCodes } from '@manybase/failure'
import { InvalidArgumentError } from 'commander'
import { type Database, namesIn, select } from '../catalog/catalog.ts'
import { isListSource } from '../catalog/sources/source.ts'
import { checkKinds, explainCheck } from '../checks/findings.ts'
import type { Verification } from '../checks/verify.ts'
import { dependenciesOnLists } from '../fleet/dependencies.ts'
import { answersOf, silentOf, survey } from '../fleet/survey.ts'
import { readHistory } from '../history/read.ts'
import { silentLine, silentToJson } from '../report/members.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { inspectState } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

function parseKinds(text: string): readonly string[] {
  const kinds = text.split(',')
  const unknown = kinds.find((kind) => !checkKinds.includes(kind))
  if (unknown !== undefined)
    throw new InvalidArgumentError(`"${unknown}" is none of ${checkKinds.join(', ')}.`)
  return kinds
}

interface VerifyOptions extends CommonOptions, JobsFlag {
  readonly offline?: boolean
  readonly skip: readonly string[]
}

export const verify: MakeCommand = (shell) =>
  withJobs(
    baseCommand(
      'verify',
      'hold the histories to themselves and to the ledgers; exit code 4 when one is wrong',
    ),
  )
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
        const { verifyHistories, verifyLedger } = await import('../checks/verify.ts')
        const { verified, others, members } = await readAll(context, options)
        const graph = [...verified.map(({ history }) => history), ...others]
        const onLists = dependenciesOnLists(context.catalog.databases, graph)
        const explained = (result: Verification) => ({
          ...result,
          findings: result.findings
            .filter(({ kind }) => !options.skip.includes(kind))
            .map((finding) => ({ ...finding, ...explainCheck(finding) })),
        })
        const histories = (await verifyHistories(verified, others, namesIn(context.catalog))).map(
          ({ findings, ...result }) =>
            explained({
              ...result,
              findings: [...findings, ...onLists.filter(({ database }) => database === result.database)],
            }),
        )
        const ledgers = answersOf(members).map((state) =>
          explained({
            database: state.database,
            revisions: state.history.revisions.length,
            findings: verifyLedger(state),
          }),
        )
        const silent = silentOf(members)
        if (options.json) {
          const databases = [...histories, ...ledgers, ...silent.map(silentToJson)]
          output.data(JSON.stringify({ databases }, null, 2))
        } else {
          for (const { database, revisions, findings } of histories) {
            if (findings.length === 0) output.data(`✅ ${database}: ${counted(revisions)}, nothing found`)
          }
          for (const { database, findings } of [...histories, ...ledgers]) {
            for (const { kind, what, why, fix } of findings) {
              output.data(`✖ ${database}  ${kind}\n  ${what}\n  why  ${why}\n  fix  ${fix}`)
            }
          }
          for (const each of silent) output.data(silentLine(each))
          const clean = ledgers.filter(({ findings }) => findings.length === 0)
          if (members.length > 0) {
            output.data(`Ledgers of lists: ${members.length}, nothing found in ${clean.length}`)
          }
        }
        if (silent.length > 0) return exitCodes.precondition
        const clean = [...histories, ...ledgers].every(({ findings }) => findings.length === 0)
        return clean ? exitCodes.done : exitCodes.found
      }),
    )

const counted = (revisions: number): string => `${revisions} ${revisions === 1 ? 'revision' : 'revisions'}`

async function readAll(context: Context, { only, offline, jobs }: VerifyOptions) {
  const { catalog } = context
  const selected = select(catalog, only ?? [])
  const others = catalog.databases.filter(
    (database) => !selected.includes(database) && existsSync(database.migrations),
  )
  const ofLists = selected.filter(({ source }) => isListSource(source))
  const verifiedAlone = (databases: readonly Database[]) =>
    databases.map((database) => ({ history: readHistory(database) }))
  if (offline) return { verified: verifiedAlone(selected), others: others.map(readHistory), members: [] }
  const answers = await survey(await findTargets(context, only), inspectState, jobs)
  const [members, singles] = [true, false].map((isMember) =>
    answers.filter(({ target }) => (target.membership !== undefined) === isMember),
  )
  const states = answersOf(singles ?? [])
  const known = new Set(states.map(({ database }) => database))
  return {
    verified: [
      ...states.map((state) => ({ history: state.history, state })),
      ...verifiedAlone(ofLists.filter(({ name }) => !known.has(name))),
    ],
    others: others.map(readHistory),
    members: members ?? [],
  }
}

import { exitCodes } from '@manybase/failure'
import { entryOf, type Target } from '../catalog/target.ts'
import { explainCheck } from '../checks/findings.ts'
import { inspectData } from '../data/inspect.ts'
import { dataToJson, renderData } from '../data/render.ts'
import { type DataStatus, isLeft } from '../data/status.ts'
import { mapBounded } from '../fleet/bounded.ts'
import { makeSlots } from '../fleet/slots.ts'
import { type Answer, answersOf, byEntry, silentOf, survey } from '../fleet/survey.ts'
import { readHistory } from '../history/read.ts'
import { explainFinding } from '../plan/findings.ts'
import { type DatabaseState, isAtHead } from '../plan/state.ts'
import { answerToJson, renderAnswers } from '../report/members.ts'
import { renderState } from '../report/state.ts'
import { type CommonOptions, findReferences, findTargets } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { inspectState } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

export const check: MakeCommand = (shell) =>
  withJobs(
    baseCommand(
      'check',
      'exit code 4 when a database is not at head, or a schema has changes without a migration',
    ),
  )
    .addHelpText(
      'after',
      `
The Prisma schema is compared with what the whole history makes of a shadow database, which is dropped again.`,
    )
    .showing({
      'pnpm db check': 'before a merge, or in CI',
      'pnpm -s db check --only specs --json': 'one database, for a program',
    })
    .action(
      action<CommonOptions & JobsFlag>(shell, async (context, options) => {
        const { output } = context
        const targets = await findTargets(context, options.only)
        // The schema engine is some megabytes of WebAssembly.
        const { schemaChanges } = await import('../checks/schema-changes.ts')
        const data = new Map<string, readonly DataStatus[]>()
        const dataOf = (database: string) => data.get(database) ?? []
        // Shared by both kinds of work below, which go on at once.
        const slots = makeSlots(options.jobs)
        const ask = (target: Target) =>
          slots.use(async () => {
            const state = await inspectState(target)
            data.set(target.name, await inspectData(target, state))
            return state
          })
        const references = await findReferences(context, options.only)
        const [answers, changes] = await Promise.all([
          survey(targets, ask, options.jobs),
          mapBounded(references, options.jobs, async (target) => ({
            database: target.name,
            text: await slots.use(() => schemaChanges(target)),
          })),
        ])
        const { verifyData } = await import('../checks/data.ts')
        const faults = await Promise.all(
          references.map(async (target) => ({
            database: target.name,
            findings: await verifyData(readHistory(target)),
          })),
        )
        const faultsOf = (name: string) => faults.find(({ database }) => database === name)?.findings ?? []
        const silent = silentOf(answers)
        if (options.json) {
          const changesOf = ({ target }: Answer<unknown>) =>
            changes.find(({ database }) => database === entryOf(target))?.text ?? null
          const databases = answers.map((answer) => ({
            ...answerToJson(answer),
            schemaChanges: changesOf(answer),
            ...(answer.kind === 'answered' && { data: dataOf(answer.target.name).map(dataToJson) }),
            dataFindings: faultsOf(entryOf(answer.target)).map((finding) => ({
              ...finding,
              ...explainCheck(finding),
            })),
          }))
          output.data(JSON.stringify({ databases }, null, 2))
        } else
          for (const [name, members] of byEntry(answers)) {
            const text = changes.find(({ database }) => database === name)?.text
            const lines = renderAnswers(members, (state) => render(state, dataOf(state.database)))
            for (const line of lines) output.data(line)
            for (const line of renderChanges(name, text)) output.data(line)
            for (const finding of faultsOf(name)) output.data(`❌ ${name}: ${explainCheck(finding).what}`)
          }
        if (silent.length > 0) return exitCodes.precondition
        const clean =
          answersOf(answers).every(isAtHead) &&
          changes.every(({ text }) => text === undefined) &&
          faults.every(({ findings }) => findings.length === 0)
        return clean ? exitCodes.done : exitCodes.found
      }),
    )

/** A data migration that isn't complete may be run after the deploy, so it is no fault. */
const render = (state: DatabaseState, data: readonly DataStatus[]): readonly string[] => [
  renderState(state),
  ...state.pending.map(({ name }) => `   pending  ${name}`),
  ...data.filter(isLeft).map((each) => `   data  ${renderData(each)}`),
  ...state.findings.map((finding) => `   ${finding.kind}  ${explainFinding(finding).what}`),
]

const renderChanges = (name: string, changes: string | undefined): readonly string[] =>
  changes === undefined
    ? []
    : [
        `❌ ${name}: its schema has changes without a migration`,
        ...changes.split('\n').map((line) => `   ${line}`.trimEnd()),
      ]

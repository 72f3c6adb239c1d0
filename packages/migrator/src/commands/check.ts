import { exitCodes } from '@manybase/failure'
import { entryOf } from '../catalog/target.ts'
import { mapBounded } from '../fleet/bounded.ts'
import { type Answer, answersOf, byEntry, silentOf, survey } from '../fleet/survey.ts'
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
        const references = await findReferences(context, options.only)
        const [answers, changes] = await Promise.all([
          survey(targets, inspectState, options.jobs),
          mapBounded(references, options.jobs, async (target) => ({
            database: target.name,
            text: await schemaChanges(target),
          })),
        ])
        const silent = silentOf(answers)
        if (options.json) {
          const changesOf = ({ target }: Answer<unknown>) =>
            changes.find(({ database }) => database === entryOf(target))?.text ?? null
          const databases = answers.map((answer) => ({
            ...answerToJson(answer),
            schemaChanges: changesOf(answer),
          }))
          output.data(JSON.stringify({ databases }, null, 2))
        } else
          for (const [name, members] of byEntry(answers)) {
            const text = changes.find(({ database }) => database === name)?.text
            for (const line of renderAnswers(members, render)) output.data(line)
            for (const line of renderChanges(name, text)) output.data(line)
          }
        if (silent.length > 0) return exitCodes.precondition
        const clean = answersOf(answers).every(isAtHead) && changes.every(({ text }) => text === undefined)
        return clean ? exitCodes.done : exitCodes.found
      }),
    )

const render = (state: DatabaseState): readonly string[] => [
  renderState(state),
  ...state.pending.map(({ name }) => `   pending  ${name}`),
  ...state.findings.map((finding) => `   ${finding.kind}  ${explainFinding(finding).what}`),
]

const renderChanges = (name: string, changes: string | undefined): readonly string[] =>
  changes === undefined
    ? []
    : [
        `❌ ${name}: its schema has changes without a migration`,
        ...changes.split('\n').map((line) => `   ${line}`.trimEnd()),
      ]

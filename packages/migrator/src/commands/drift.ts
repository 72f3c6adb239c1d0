import { exitCodes } from '@manybase/failure'
import { answersOf, silentOf, survey } from '../fleet/survey.ts'
import { silentLine, silentToJson } from '../report/members.ts'
import { type CommonOptions, findTargets } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface DriftOptions extends CommonOptions, JobsFlag {
  readonly owners?: boolean
  readonly sql?: boolean
}

export const drift: MakeCommand = (shell) =>
  withJobs(
    baseCommand(
      'drift',
      'compare the live databases with what their histories make; exit code 4 when they differ',
    ),
  )
    .option('--sql', 'print statements that bring a database back to its history')
    .option('--owners', 'compare the owners of objects too')
    .addHelpText(
      'after',
      `
The applied revisions are applied to a shadow database, which is dropped again; the live database is only read. Compared are
tables, columns, defaults, constraints, indexes, functions, triggers, types, views, sequences, extensions, comments, grants and
policies, in the PostgreSQL schemas that the history fills; others belong to other services.
+ is only in the database, - is only in the history, ~ is otherwise.`,
    )
    .showing({
      'pnpm db drift': 'has somebody changed a database by hand?',
      'pnpm -s db drift --only specs --sql > back.sql': 'the statements that undo such changes',
    })
    .action(
      action<DriftOptions>(shell, async (context, options) => {
        const { output } = context
        const targets = await findTargets(context, options.only)
        const [{ findDrift }, { repair }, { renderDrift, renderOwners, renderRepair }] = await Promise.all([
          import('../drift/drift.ts'),
          import('../drift/repair.ts'),
          import('../drift/render.ts'),
        ])
        const answers = await survey(
          targets,
          (target) => findDrift(target, { owners: options.owners ?? false }),
          options.jobs,
        )
        const drifts = answersOf(answers)
        const silent = silentOf(answers)
        if (options.json) {
          const databases = [
            ...drifts.map(({ expected, ...found }) => ({
              ...found,
              repair: repair(found.differences, expected),
            })),
            ...silent.map(silentToJson),
          ]
          output.data(JSON.stringify({ databases }, null, 2))
        } else
          for (const found of drifts) {
            const lines = renderDrift(found)
            for (const line of lines) (options.sql ? output.note : output.data)(line)
            const owners = options.owners ? undefined : renderOwners(found)
            if (owners !== undefined)
              output.note(`  ${owners} --owners shows ${found.owners.length === 1 ? 'it' : 'them'}.`)
            if (!options.sql || found.differences.length === 0) continue
            for (const line of renderRepair(found, repair(found.differences, found.expected)))
              output.data(line)
          }
        if (!options.json) for (const each of silent) output.data(silentLine(each))
        if (silent.length > 0) return exitCodes.precondition
        return drifts.every(({ differences }) => differences.length === 0) ? exitCodes.done : exitCodes.found
      }),
    )

import { relative } from 'node:path'
import { exitCodes } from '@manybase/failure'
import { databaseUnsaid } from '../authoring/failures.ts'
import { type CommonOptions, findReferences } from '../settings/context.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

export const baseline: MakeCommand = (shell) =>
  baseCommand('baseline', 'make schema and first migration of a database that is already there')
    .argument('[message]', 'the title of the migration', 'Baseline')
    .addHelpText(
      'after',
      `
Reads the database, and changes nothing in it but the ledger, where the migration is stamped. Functions, triggers,
views, checks, policies, grants and comments come along; a database that can't be made again in full is refused, with a list.`,
    )
    .showing({
      'pnpm db baseline --only auth': 'adopt one database',
      'pnpm db baseline "As found in November" --only auth': 'the same with a title',
    })
    .action(async (message: string, options: CommonOptions) => {
      const context = await contextFor(shell, options)
      const { output, catalog, cwd } = context
      const targets = await findReferences(context, options.only)
      const [target, ...others] = targets
      if (!target || others.length > 0) throw databaseUnsaid({ databases: targets.map(({ name }) => name) })
      const { makeBaseline } = await import('../authoring/baseline.ts')
      const made = await makeBaseline(catalog, target, message, { waitSeconds: 60 })
      if (options.json) {
        const paths = {
          directory: relative(catalog.root, made.path),
          schema: relative(catalog.root, made.schemaFile),
        }
        const { database, name, warnings = null } = made
        output.data(JSON.stringify({ baseline: { database, revision: name, ...paths, warnings } }, null, 2))
      } else for (const path of [made.path, made.schemaFile]) output.data(relative(cwd, path))
      if (made.warnings) output.note(made.warnings.trim())
      shell.exit(exitCodes.done)
    })

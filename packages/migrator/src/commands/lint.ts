import { exitCodes } from '@manybase/failure'
import { select } from '../catalog/catalog.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

export const lint: MakeCommand = (shell) =>
  baseCommand('lint', 'refuse columns that do not say what they refer to, and references that do not hold')
    .addHelpText(
      'after',
      '\nExit code 4 when something is found. References may name any database of the catalog.',
    )
    .showing({
      'pnpm db lint': 'before a merge, or in CI',
      'pnpm -s db lint --only specs --json': 'the references of one schema, for a program',
    })
    .action(
      action(shell, async ({ catalog, output }, options) => {
        const { loadSchemas, renderFinding, resolveReferences } = await import('@manybase/app-validation')
        const selected = select(catalog, options.only ?? []).map(({ name }) => name)
        const schemas = await loadSchemas(catalog.databases)
        const { references, findings } = resolveReferences(schemas, selected)
        if (options.json) output.data(JSON.stringify({ references, findings }, null, 2))
        else for (const finding of findings) output.data(`${renderFinding(finding)}\n`)
        const tables = schemas.flatMap(({ database, tables }) => (selected.includes(database) ? tables : []))
        output.note(`${tables.length} tables, ${references.length} references, ${findings.length} findings`)
        return findings.length === 0 ? exitCodes.done : exitCodes.found
      }),
    )

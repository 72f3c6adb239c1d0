import { exitCodes } from '@manybase/failure'
import { select } from '../catalog/catalog.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

export const lint: MakeCommand = (shell) =>
  baseCommand('lint', 'refuse columns that do not say what they refer to, and references that do not hold')
    .addHelpText(
      'after',
      '\nExit code 4 when something is found. References may name any database of the catalog.',
    )
    .action(
      action(shell, async ({ catalog, output }, options) => {
        const { loadSchemas, renderFinding, resolveReferences } = await import('@manybase/app-validation')
        const schemas = await loadSchemas(select(catalog, options.only ?? []))
        const { references, findings } = resolveReferences(schemas)
        if (options.json) output.data(JSON.stringify({ references, findings }, null, 2))
        else for (const finding of findings) output.data(`${renderFinding(finding)}\n`)
        const tables = schemas.flatMap((schema) => schema.tables).length
        output.note(`${tables} tables, ${references.length} references, ${findings.length} findings`)
        return findings.length === 0 ? exitCodes.done : exitCodes.found
      }),
    )

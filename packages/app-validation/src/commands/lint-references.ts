import { parseArgs } from 'node:util'
import { exitCodes } from '@manybase/failure'
import { readOptions } from '../arguments/options.ts'
import { readSources } from '../arguments/sources.ts'
import { renderFinding } from '../finding.ts'
import { loadSchema } from '../prisma-schema/load.ts'
import { resolveReferences } from '../references/resolve.ts'
import type { Command } from './command.ts'

const usage = 'lint-references [--json] <database>=<path of schema.prisma>…'

/** Refuses columns that don't say what they refer to, and references that don't hold. */
export const lintReferences: Command = async (args, output) => {
  const { values, positionals } = readOptions(usage, () =>
    parseArgs({ args: [...args], allowPositionals: true, options: { json: { type: 'boolean' } } }),
  )
  const schemas = await Promise.all(readSources(positionals, usage).map(loadSchema))
  const { references, findings } = resolveReferences(schemas)

  if (values.json) output.data(JSON.stringify({ references, findings }, null, 2))
  else for (const finding of findings) output.data(`${renderFinding(finding)}\n`)
  const tables = schemas.flatMap((schema) => schema.tables).length
  output.note(`${tables} tables, ${references.length} references, ${findings.length} findings`)
  return findings.length === 0 ? exitCodes.done : exitCodes.found
}

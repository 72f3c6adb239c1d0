import { parseArgs } from 'node:util'
import { exitCodes } from '@manybase/failure'
import { readOptions } from '../arguments/options.ts'
import { readSources } from '../arguments/sources.ts'
import { renderFinding } from '../finding.ts'
import { loadSchema } from '../prisma-schema/load.ts'
import { comparePages } from '../schema-reference/compare.ts'
import { readPages, writePages } from '../schema-reference/files.ts'
import { renderPages } from '../schema-reference/render.ts'
import type { Command } from './command.ts'

const usage = 'schema-reference [--check] [--out <folder>] <database>=<path of schema.prisma>…'

/** Writes a page per database, or with `--check` says which ones its schema has left behind. */
export const schemaReference: Command = async (args, output) => {
  const { values, positionals } = readOptions(usage, () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { check: { type: 'boolean' }, out: { type: 'string', default: 'docs/reference/schema' } },
    }),
  )
  const schemas = await Promise.all(readSources(positionals, usage).map(loadSchema))
  const wanted = renderPages(schemas)
  const found = await readPages(values.out)
  const findings = comparePages(wanted, found, values.out)

  if (values.check) {
    for (const finding of findings) output.data(`${renderFinding(finding)}\n`)
    output.note(`${wanted.size} pages, ${findings.length} findings`)
    return findings.length === 0 ? exitCodes.done : exitCodes.found
  }
  await writePages(values.out, wanted, found)
  output.note(`${wanted.size} pages in ${values.out}, ${findings.length} changed`)
  return exitCodes.done
}

import { join, relative } from 'node:path'
import { exitCodes } from '@manybase/failure'
import { type Catalog, type Database, select } from '../catalog/catalog.ts'
import type { CommonOptions } from '../settings/context.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface DocsOptions extends CommonOptions {
  readonly check?: boolean
  readonly out: string
}

export const docs: MakeCommand = (shell) =>
  baseCommand('docs', 'write a page about each database from its schema')
    .option('--check', 'write nothing: exit code 4 when a page is not that of its schema')
    .option('--out <folder>', 'where the pages are, relative to the catalog', 'docs/reference/schema')
    .showing({
      'pnpm db docs': 'write the pages',
      'pnpm db docs --check': 'in CI: are the pages those of the schemas?',
      'pnpm db docs --only auth --out docs/schema': 'one database, elsewhere',
    })
    .action(
      action<DocsOptions>(shell, async ({ catalog, output, cwd }, options) => {
        const { comparePages, loadSchemas, readPages, renderFinding, renderPages, writePages } = await import(
          '@manybase/app-validation'
        )
        const folder = join(catalog.root, options.out)
        // A page shows references from every schema, so all are read, and the pages of the others left as they are.
        const spared = others(catalog, options.only).map(({ name }) => `${name}.md`)
        const without = (pages: ReadonlyMap<string, string>) =>
          new Map([...pages].filter(([name]) => !spared.includes(name)))
        const wanted = without(renderPages(await loadSchemas(catalog.databases)))
        const found = without(await readPages(folder))
        const findings = comparePages(wanted, found, relative(cwd, folder))
        if (!options.check) await writePages(folder, wanted, found)
        if (options.json) output.data(JSON.stringify({ pages: [...wanted.keys()], findings }, null, 2))
        else if (options.check) for (const finding of findings) output.data(`${renderFinding(finding)}\n`)
        output.note(`${wanted.size} pages, ${findings.length} ${options.check ? 'findings' : 'changed'}`)
        return options.check && findings.length > 0 ? exitCodes.found : exitCodes.done
      }),
    )

const others = (catalog: Catalog, only: readonly string[] = []): readonly Database[] => {
  const selected = select(catalog, only)
  return catalog.databases.filter((database) => !selected.includes(database))
}

import { join, relative } from 'node:path'
import { exitCodes } from '@manybase/failure'
import { select } from '../catalog/catalog.ts'
import type { CommonOptions } from '../settings/context.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface DiagramOptions extends CommonOptions {
  readonly check?: boolean
  readonly out: string
}

export const diagram: MakeCommand = (shell) =>
  baseCommand('diagram', 'draw each database from its schema, and all of them together')
    .option('--check', 'write nothing: exit code 4 when a picture is not that of the schemas')
    .option('--out <folder>', 'where the pictures are, relative to the catalog', 'docs/pictures')
    .addHelpText(
      'after',
      `
Each picture is an SVG and the same as Mermaid's text: one for each database, with all columns, and all-databases, with the keys
of all and the references between them. Colours group the tables that one revision made.`,
    )
    .showing({
      'pnpm db:diagram': 'write the pictures',
      'pnpm db diagram --check': 'in CI: are the pictures those of the schemas?',
      'pnpm db diagram --only auth --out pictures': 'one database and all together, elsewhere',
    })
    .action(
      action<DiagramOptions>(shell, async ({ catalog, output, cwd }, options) => {
        const [{ comparePictures, readPictures, renderPictures, writePictures }, validation, { revisionOf }] =
          await Promise.all([
            import('@manybase/diagram'),
            import('@manybase/app-validation'),
            import('../history/created-by.ts'),
          ])
        const folder = join(catalog.root, options.out)
        const [schemas, found] = await Promise.all([
          validation.loadSchemas(catalog.databases),
          readPictures(folder),
        ])
        const selected = select(catalog, options.only ?? []).map(({ name }) => name)
        const wanted = await renderPictures(schemas, { of: selected, groupOf: revisionOf(catalog.databases) })
        // The pictures of databases that are not selected are nobody's business now.
        const spared = catalog.databases.flatMap(({ name }) =>
          selected.includes(name) ? [] : [`${name}.svg`, `${name}.mmd`],
        )
        const compared = new Map([...found].filter(([name]) => !spared.includes(name)))
        const findings = comparePictures(wanted, compared, relative(cwd, folder))
        if (!options.check) await writePictures(folder, wanted, compared)
        if (options.json) output.data(JSON.stringify({ pictures: [...wanted.keys()], findings }, null, 2))
        else if (options.check)
          for (const finding of findings) output.data(`${validation.renderFinding(finding)}\n`)
        output.note(`${wanted.size} files, ${findings.length} ${options.check ? 'findings' : 'changed'}`)
        return options.check && findings.length > 0 ? exitCodes.found : exitCodes.done
      }),
    )

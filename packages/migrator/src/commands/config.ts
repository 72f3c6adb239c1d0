import { exitCodes } from '@manybase/failure'
import { select } from '../catalog/catalog.ts'
import { nameOf, resolve, type Target } from '../catalog/resolve.ts'
import { renderTable } from '../report/table.ts'
import { type Context, findTargets } from '../settings/context.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

export const config: MakeCommand = (shell) =>
  baseCommand('config', 'show which databases are in force and where each setting comes from')
    .showing({
      'pnpm db config': 'where each URL comes from, passwords masked',
      'pnpm db config --config databases.config.ts': 'of the catalog in that file',
    })
    .action(
      action(shell, async (context, options) => {
        const rows = await describe(context, options.only)
        if (options.json)
          context.output.data(JSON.stringify({ root: context.catalog.root, databases: rows }, null, 2))
        else {
          const cells = rows.map((row) => [row.database, row.url, row.schema, row.origin, row.migrations])
          const header = ['database', 'url', 'schema', 'from', 'migrations']
          for (const line of renderTable([header, ...cells])) context.output.data(line)
        }
        return exitCodes.done
      }),
    )

interface Row {
  readonly database: string
  readonly url: string
  readonly schema: string
  readonly origin: string
  readonly migrations: string
}

async function describe(context: Context, only: readonly string[] = []): Promise<readonly Row[]> {
  const { catalog, env, read } = context
  const resolution = await resolve(catalog, select(catalog, only), env, read)
  if (resolution.kind === 'urls') return (await findTargets(context, only)).map(describeTarget)
  return resolution.databases.map((database) => ({
    database: database.name,
    url: '(local server)',
    schema: 'public',
    origin: `${nameOf(database.source)} is not set`,
    migrations: database.migrations,
  }))
}

const describeTarget = (target: Target): Row => ({
  database: target.name,
  url: target.connection.masked,
  schema: target.connection.schema,
  origin: target.origin,
  migrations: target.migrations,
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One migration, for tools that want it in a form of their own. */
export interface Script {
  /** The directory's name. */
  readonly name: string
  /** What stands before its first underscore. */
  readonly id: string
  readonly path: string
  readonly sql: string
  /** The way back. */
  readonly down: { readonly path: string; readonly sql: string }
}

/** The scripts of a history, in the order in which they are applied. */
export const readScripts = (migrations: string): readonly Script[] =>
  readdirSync(migrations)
    .sort()
    .map((name) => ({ name, path: join(migrations, name, 'migration.sql') }))
    .filter(({ path }) => existsSync(path))
    .map(({ name, path }) => {
      const down = join(migrations, name, 'down.sql')
      return {
        name,
        id: name.split('_', 1)[0] ?? name,
        path,
        sql: readFileSync(path, 'utf8'),
        down: { path: down, sql: readFileSync(down, 'utf8') },
      }
    })

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readScripts, type Script } from '../migrate/contestants/scripts.ts'

/** A catalog with one list of databases, on the larger of the repository's histories. */
export interface Project {
  readonly folder: string
  readonly scripts: readonly Script[]
  /** Says which databases are in the list. */
  list(urls: Readonly<Record<string, string>>): void
}

const catalog = `import { defineDatabases, fromFile } from '@manybase/migrator/config'

export default defineDatabases({
  databases: { fleet: { directory: '.', migrations: 'migrations', urls: fromFile('fleet.txt') } },
})
`

/** @param history is copied; what it needs of another database is left out, since there is none here */
export function makeProject(folder: string, history: string): Project {
  const migrations = join(folder, 'migrations')
  mkdirSync(folder)
  cpSync(history, migrations, { recursive: true })
  for (const { path } of readScripts(migrations)) {
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^-- depends-on: .*\n/gm, ''))
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  writeFileSync(join(folder, 'databases.config.ts'), catalog)
  return {
    folder,
    scripts: readScripts(migrations),
    list: (urls) => {
      const lines = Object.entries(urls).map(([name, url]) => `${name}=${url}\n`)
      writeFileSync(join(folder, 'fleet.txt'), lines.join(''), { mode: 0o600 })
    },
  }
}

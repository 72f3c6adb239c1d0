import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { probe } from '../../probe.ts'
import type { Contestant, Setup, Subject } from '../contestant.ts'
import { readScripts } from './scripts.ts'
import { atOnce, line } from './shell.ts'

const release = '2.36.0'

/** A migrator in Go: what a compiled program needs that does about the same. */
export const dbmate: Contestant = {
  key: 'dbmate',
  label: 'dbmate',
  group: 'direct',
  role: 'other',
  ledger: 'schema_migrations',
  async prepare(setup) {
    const program = await install(setup)
    const found = await probe(program, ['--version'], setup.env)
    if (found.kind === 'missing') return found
    const histories = setup.subjects.map((subject) => {
      const { folder, scripts } = writeMigrations(setup, subject)
      const run = (command: string) =>
        line(program, '--no-dump-schema', '-e', variableOf(subject), '-d', folder, command)
      // It goes back one migration at a time.
      return { up: run('migrate'), down: `(${Array(scripts).fill(run('rollback')).join(' && ')})` }
    })
    const urls = setup.subjects.map((subject) => [variableOf(subject), withSslMode(subject.url)] as const)
    const env = { ...setup.env, ...Object.fromEntries(urls) }
    const command = (way: 'up' | 'down') =>
      atOnce(
        histories.map((each) => each[way]),
        setup.folder,
        env,
      )
    return { kind: 'ready', version: found.says, up: command('up'), down: command('down') }
  },
}

const variableOf = ({ variable }: Subject): string => `DBMATE_${variable}`

/** Its driver insists on TLS unless told otherwise; the others take what the server offers. */
function withSslMode(text: string): string {
  const url = new URL(text)
  if (!url.searchParams.has('sslmode')) url.searchParams.set('sslmode', 'disable')
  return url.href
}

/**
 * The binary itself, without the Node program that starts it. It is kept outside the workspace's dependencies;
 * without a registry it stays missing, and the probe says so.
 */
async function install({ root }: Setup): Promise<string> {
  const home = join(root, '.cache/benchmarks', `dbmate-${release}`)
  const platform = `${process.platform}-${process.arch}`
  const program = join(home, `node_modules/@dbmate/${platform}/bin/dbmate`)
  if (!existsSync(program)) {
    mkdirSync(home, { recursive: true })
    const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save']
    await probe('npm', ['install', '--prefix', home, ...quietly, `dbmate@${release}`], process.env)
  }
  return program
}

function writeMigrations({ folder }: Setup, { name, migrations }: Subject) {
  const directory = join(folder, name)
  mkdirSync(directory)
  const scripts = readScripts(migrations)
  for (const { name, sql, down } of scripts) {
    writeFileSync(join(directory, `${name}.sql`), `-- migrate:up\n${sql}\n-- migrate:down\n${down.sql}`)
  }
  return { folder: directory, scripts: scripts.length }
}

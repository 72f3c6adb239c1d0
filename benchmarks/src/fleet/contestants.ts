import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { plainEnvironment } from '../environment.ts'
import type { Command } from '../measure.ts'
import { line } from '../migrate/contestants/shell.ts'
import type { Project } from './project.ts'

export interface Setup {
  readonly root: string
  readonly project: Project
  /** How many databases at once. */
  readonly jobs: number
  /** By the name of the database. */
  readonly urls: Readonly<Record<string, string>>
}

/** A way to bring many databases to head. */
export interface Contestant {
  /** Part of its databases' names. */
  readonly key: string
  readonly label: string
  command(setup: Setup): Command
}

export const ours: Contestant = {
  key: 'db',
  label: 'db migrate',
  command: (setup) => db(setup, 'migrate', '--no-create', '--no-log'),
}

/** Looks where every database stands. */
export const status = (setup: Setup): Command => db(setup, 'status')

function db({ root, project, jobs, urls }: Setup, ...args: readonly string[]): Command {
  project.list(urls)
  return {
    program: process.execPath,
    args: [join(root, 'packages/migrator/bin/db.cjs'), ...args, '--jobs', String(jobs)],
    cwd: project.folder,
    env: plainEnvironment(),
  }
}

const psql = ['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1'] as const

/** A psql for each file of each database, as one would write it in a line of shell. */
const psqlFiles: Contestant = {
  key: 'files',
  label: 'psql -1 -f, each file',
  command: (setup) => {
    const files = setup.project.scripts.map(({ path }) => `${line(...psql, '-1', '-f', path)} "service=$1"`)
    return throughXargs(setup, files.join(' && '))
  },
}

/** A psql for each database, which reads all files: the least that starting it can cost. */
const psqlSession: Contestant = {
  key: 'session',
  label: 'psql, one session',
  command: (setup) => {
    const all = join(setup.project.folder, 'all.sql')
    const parts = setup.project.scripts.map(
      ({ path }) => `BEGIN;\n\\i '${path.replaceAll("'", "''")}'\nCOMMIT;\n`,
    )
    writeFileSync(all, parts.join(''))
    return throughXargs(setup, `${line(...psql, '-f', all)} "service=$1"`)
  },
}

/** The same look at every ledger. */
export const psqlStatus = (setup: Setup): Command =>
  throughXargs(
    setup,
    `${line(...psql, '-At', '-c', 'SELECT migration_name, checksum FROM _prisma_migrations')} "service=$1"`,
  )

/** A service file takes the passwords out of sight. */
function throughXargs({ project, jobs, urls }: Setup, script: string): Command {
  const services = join(project.folder, 'services.conf')
  const names = join(project.folder, 'names.txt')
  const entries = Object.entries(urls)
  writeFileSync(services, entries.map(service).join('\n'), { mode: 0o600 })
  writeFileSync(names, entries.map(([name]) => `${name}\n`).join(''))
  const each = line('xargs', '-a', names, '-n', '1', '-P', String(jobs), 'sh', '-c', script, 'sh')
  return {
    program: '/bin/sh',
    args: ['-c', each],
    cwd: project.folder,
    env: { ...plainEnvironment(), PGSERVICEFILE: services },
  }
}

function service([name, url]: readonly [string, string]): string {
  const { hostname, port, username, password, pathname } = new URL(url)
  const settings = {
    host: hostname,
    port: port || '5432',
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    dbname: decodeURIComponent(pathname.slice(1)),
  }
  return [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `${key}=${value}`), ''].join('\n')
}

export const contestants: readonly Contestant[] = [ours, psqlFiles, psqlSession]

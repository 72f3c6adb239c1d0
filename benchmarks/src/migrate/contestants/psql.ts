import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { probe } from '../../probe.ts'
import type { Contestant, Setup, Subject } from '../contestant.ts'
import { readScripts } from './scripts.ts'
import { atOnce, line } from './shell.ts'

/** The database does the work and nobody keeps books: one session for each database, one transaction for each file. */
export const psql: Contestant = {
  key: 'psql',
  label: 'psql',
  group: 'direct',
  role: 'other',
  ledger: undefined,
  async prepare(setup) {
    const found = await probe('psql', ['--version'], setup.env)
    if (found.kind === 'missing') return found
    const services = join(setup.folder, 'services.conf')
    writeFileSync(services, setup.subjects.map(service).join('\n'), { mode: 0o600 })
    const env = { ...setup.env, PGSERVICEFILE: services }
    const command = (way: 'up' | 'down') => {
      const sessions = setup.subjects.map((subject) => session(driver(setup, subject, way), subject))
      return atOnce(sessions, setup.root, env)
    }
    return { kind: 'ready', version: found.says, up: command('up'), down: command('down') }
  },
}

const session = (file: string, { name }: Subject): string =>
  line('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', file, `service=${name}`)

/** A service file takes the password out of sight. */
function service({ name, url }: Subject): string {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const settings = {
    host: hostname,
    port: port || '5432',
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    dbname: decodeURIComponent(pathname.slice(1)),
    sslmode: searchParams.get('sslmode') ?? 'prefer',
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`)
  return [`[${name}]`, ...lines, ''].join('\n')
}

function driver({ folder }: Setup, { name, migrations }: Subject, way: 'up' | 'down'): string {
  const path = join(folder, `${name}-${way}.sql`)
  const scripts = readScripts(migrations)
  const paths =
    way === 'up' ? scripts.map((each) => each.path) : scripts.map(({ down }) => down.path).reverse()
  const files = paths.map((file) => `BEGIN;\n\\i ${quoteForPsql(file)}\nCOMMIT;\n`)
  writeFileSync(path, files.join(''))
  return path
}

const quoteForPsql = (path: string): string => `'${path.replaceAll("'", "''")}'`

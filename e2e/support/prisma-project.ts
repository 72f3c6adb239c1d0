import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { environment, node, type Result, root } from './run.ts'
import { hidden } from './secrets.ts'

/** How one command of the Prisma CLI is run. */
export interface PrismaOptions {
  readonly env?: Readonly<Record<string, string>>
  /** What it reads on standard input; nothing by default. */
  readonly stdin?: string
  /** Runs it on a terminal, as `migrate dev` demands. */
  readonly terminal?: boolean
}

/** A project as a user of Prisma has it: a configuration, a schema and migrations in a folder of their own. */
export interface PrismaProject {
  readonly directory: string
  readonly url: string
  write(path: string, content: string): void
  read(path: string): string
  exists(path: string): boolean
  migration(name: string, script: string): void
  /** Names of the migrations on disk. */
  migrations(): readonly string[]
  prisma(args: readonly string[], options?: PrismaOptions): Promise<Result>
  startPrisma(args: readonly string[], options?: PrismaOptions): ReturnType<typeof startCommand>
  dispose(): void
}

const config = `import { useWasmSchemaEngine } from '@manybase/schema-engine/prisma-config'
import { defineConfig } from 'prisma/config'

useWasmSchemaEngine()

const { DATABASE_URL: url, SHADOW_DATABASE_URL: shadowDatabaseUrl } = process.env
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: url ?? '', ...(shadowDatabaseUrl && { shadowDatabaseUrl }) },
})
`

export const datasource = `datasource db {
  provider = "postgresql"
}
`

/** Makes a project whose database has this URL; the database itself isn't touched. */
export function makePrismaProject(url: string, schema: string): PrismaProject {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'manybase-prisma-')))
  const path = (name: string) => join(directory, name)
  const write = (name: string, content: string) => {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), content)
  }
  write('package.json', '{ "private": true, "type": "module" }\n')
  write('prisma.config.ts', config)
  write('prisma/schema.prisma', schema)
  write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n')
  mkdirSync(path('home'))
  mkdirSync(path('node_modules/@manybase'), { recursive: true })
  const engine = join(root, 'packages/schema-engine')
  symlinkSync(engine, path('node_modules/@manybase/schema-engine'), 'dir')
  symlinkSync(join(engine, 'node_modules/prisma'), path('node_modules/prisma'), 'dir')
  const startPrisma = (args: readonly string[], options: PrismaOptions = {}) => {
    const env = {
      DATABASE_URL: url,
      // No command may depend on a download: nothing listens here, and no cache lies in this home.
      PRISMA_ENGINES_MIRROR: 'http://127.0.0.1:9',
      HOME: path('home'),
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      ...options.env,
    }
    return startCommand(directory, [path('node_modules/prisma/build/index.js'), ...args], { ...options, env })
  }
  return {
    directory,
    url,
    write,
    read: (name) => readFileSync(path(name), 'utf8'),
    exists: (name) => existsSync(path(name)),
    migration: (name, script) => write(`prisma/migrations/${name}/migration.sql`, script),
    migrations: () =>
      readdirSync(path('prisma/migrations'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort(),
    prisma: (args, options) => startPrisma(args, options).result,
    startPrisma,
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** In a process group of its own, so that a test can interrupt it as a terminal does. */
function startCommand(cwd: string, args: readonly string[], { env, stdin = '', terminal }: PrismaOptions) {
  const [command, ...rest] = terminal ? onTerminal([node, ...args]) : [node, ...args]
  const child = spawn(command ?? node, rest, { cwd, env: environment(env), detached: true })
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin)
  const collect = async (): Promise<Result> => {
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    hidden(stdout, stderr)
    return { stdout, stderr, exitCode: typeof code === 'number' ? code : undefined }
  }
  return { child, result: collect() }
}

/** util-linux's `script` gives a command a terminal. */
function onTerminal(words: readonly string[]): string[] {
  const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  return ['script', '-qec', line, '/dev/null']
}

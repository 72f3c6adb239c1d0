import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { insertAfter } from './insert.ts'
import { root, sourceFiles } from './pages.ts'

/** What a command line printed, stdout and stderr as they came, and how it ended. */
export interface Result {
  readonly output: string
  readonly stdout: string
  readonly exitCode: number | null
}

/** Somebody who has cloned the repository and types what the pages say. */
export interface Reader {
  readonly home: string
  /** Writes a file of the clone. */
  write(path: string, content: string): Promise<void>
  /** Puts text behind a line of a file. */
  insert(path: string, line: string, text: string): Promise<void>
  /** Runs command lines as they stand; variables and folder last until `newShell`. */
  type(commands: string): Promise<Result>
  newShell(): void
  /** Stops the clone's server and deletes the clone. */
  leave(): Promise<void>
}

/** Makes a clone of the working tree with nothing installed, and a shell without a single setting. */
export async function makeReader(): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), 'manybase-reader-'))
  const home = join(folder, 'clone')
  await cloneTo(home)
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.startsWith(root))
  const network = Object.entries(process.env).filter(([name]) => networkSetting.test(name))
  const base = {
    ...Object.fromEntries(network),
    PATH: [bin, ...path].join(delimiter),
    HOME: process.env.HOME ?? folder,
    // Of its own: npx lets only one process at a time use a cache, and waits for it without a word.
    npm_config_cache: join(folder, 'npm'),
  }
  await symlink(await findPnpm(base), join(bin, 'pnpm'))
  const state = join(folder, 'shell')
  let started = false
  const type = async (commands: string): Promise<Result> => {
    const resume = started ? `. '${state}'` : `cd '${home}'`
    started = true
    const keep = `trap 'export -p > "${state}"; echo "cd \\"$PWD\\"" >> "${state}"' EXIT`
    return await run('sh', ['-e', '-c', `${resume}\n${keep}\n${commands}`], base)
  }
  return {
    home,
    type,
    write: async (file, content) => {
      await mkdir(dirname(join(home, file)), { recursive: true })
      await writeFile(join(home, file), content)
    },
    insert: async (file, line, text) => await insertAfter(join(home, file), line, text),
    newShell: () => {
      started = false
    },
    leave: async () => {
      started = false
      await type('pnpm db:down')
      endGroups()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** How this machine reaches the registry, which a reader's would have set too. */
const networkSetting =
  /^(https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_(file|dir)|npm_config_registry)$/i

/** The pages write `pnpm` for a pnpm on the PATH; here it is the one that npx fetches. */
async function findPnpm(env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout, output } = await run('npx', ['-y', '-p', 'pnpm@12', '-c', 'command -v pnpm'], env)
  const path = stdout.trim()
  if (!path) throw new Error(`npx finds no pnpm: ${output}`)
  return path
}

async function cloneTo(home: string): Promise<void> {
  for (const file of sourceFiles()) {
    await cp(join(root, file), join(home, file), { recursive: true, errorOnExist: false }).catch(ignoreGone)
  }
}

/** A file that version control knows and somebody has just deleted or renamed. */
function ignoreGone(error: unknown): void {
  const gone = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
  if (!gone) throw error
}

/** Process groups, for what a page begins in the background and didn't come to end. */
const groups = new Set<number>()

function endGroups(): void {
  for (const group of groups) {
    try {
      process.kill(-group, 'SIGKILL')
    } catch {
      // Nobody is left in it.
    }
  }
  groups.clear()
}

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  if (child.pid !== undefined) groups.add(child.pid)
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [stdout, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return {
    stdout,
    output: Buffer.concat(chunks).toString(),
    exitCode: typeof exitCode === 'number' ? exitCode : null,
  }
}

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { dbCommand, environment, node, root, run } from './support/run.ts'
import { makeTree, type Tree } from './support/tree.ts'

/** Nobody answers there: completion must not ask. */
const env = {
  DATABASE_URL_AUTH: 'postgresql://x@127.0.0.1:1/x',
  DATABASE_URL_SPECS: 'postgresql://x@127.0.0.1:1/y',
}

const completion = (...args: readonly string[]) =>
  run(node, [dbCommand, 'completion', ...args], { cwd: root, env })
const candidates = async (...words: readonly string[]) => {
  const { stdout, stderr, exitCode } = await completion('bash', '--', ...words)
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0])
}

let tree: Tree
beforeAll(async () => {
  // The first call after a change bundles the command and says so.
  await completion('bash')
  tree = makeTree()
})
afterAll(() => tree.dispose())

describe('what can come next', () => {
  test.each([
    ['commands', ['pnpm', 'db', 'stu'], ['studio']],
    ['options', ['pnpm', 'db', 'drift', '--o'], ['--only', '--owners']],
    ['databases by option', ['pnpm', 'db:migrate', '--au'], ['--auth-only']],
    [
      'databases by name and label',
      ['db', 'status', '--only', ''],
      ['auth', 'specs', 'socrates_auth', 'socrates_specs'],
    ],
    [
      'several databases',
      ['db', 'status', '--only=auth,s'],
      ['--only=auth,specs', '--only=auth,socrates_specs'],
    ],
    [
      'revisions',
      ['pnpm', '-s', 'db', 'upgrade', '00'],
      ['001', '002', '003', '004', '005', '006', '007', '008', '009'],
    ],
    ['revisions of a database', ['db', 'upgrade', 'auth@0'], ['auth@001', 'auth@002']],
    ['both ends of a range', ['db', 'history', '-r', '003:auth@00'], ['003:auth@001', '003:auth@002']],
    ['words for revisions', ['db', 'stamp', 'specs@h'], ['specs@head', 'specs@heads']],
    ['templates', ['db', 'create', 'x', '--template', 'con'], ['concurrent-index']],
    ['placeholders', ['db', 'create', 'x', '--template', 'trigger', '--set', ''], ['function=', 'table=']],
    ['tables', ['db', 'inspect', 'admin_'], ['admin_roles', 'admin_users', 'admin_audit_logs']],
    ['what a command does', ['db', 'data', ''], ['run', 'status', 'retry']],
    ['shells', ['db', 'completion', ''], ['bash', 'zsh', 'fish']],
    ['what was said is not said twice', ['db', 'reset', '--yes', '--y'], []],
    ['somebody else’s command', ['pnpm', 'add', ''], []],
  ])('%s', async (_what, words, expected) => {
    expect(await candidates(...words)).toEqual([...expected, ':values'])
  })

  test('files are left to the shell', async () => {
    expect(await candidates('db', 'status', '--config', '')).toEqual([':files'])
  })

  test('commands and options are known outside a repository too', async () => {
    const { stdout } = await run(node, [dbCommand, 'completion', 'zsh', '--', 'db', 'down'], {
      cwd: tree.directory,
    })
    expect(stdout).toMatch(/^downgrade\t.*\ndown\t.*\n:values\n$/)
  })
})

test('another shell is refused', async () => {
  expectFailure(await completion('tcsh'), {
    code: 'completion.shell-unknown',
    exitCode: 2,
    what: 'There is no completion for tcsh.',
    why: 'bash, zsh, fish',
    fix: 'Name one of these.',
  })
})

const typed = [
  ['pnpm db downg', 'pnpm db downgrade'],
  ['pnpm -s db upgrade auth@002', 'pnpm -s db upgrade auth@002'],
  ['db upgrade au', 'db upgrade auth@'],
  [
    'node_modules/.bin/db upgrade socrates_specs@0 --on',
    'node_modules/.bin/db upgrade socrates_specs@0 --only',
  ],
  ['db history -r 003:auth@hea', 'db history -r 003:auth@head'],
  ['db inspect admin_au', 'db inspect admin_audit_logs'],
  ['db config --config databases.con', 'db config --config databases.config.ts'],
  ['pnpm other be', 'pnpm other before'],
] as const

/** How an interactive shell is started, with somebody else's completion of pnpm in place. */
const shells = {
  bash: {
    start: ['bash', '--noprofile', '--norc', '-i'],
    prepare:
      "others() { COMPREPLY=(before); }; complete -F others pnpm; bind 'set enable-bracketed-paste off'",
  },
  zsh: {
    start: ['zsh', '-f', '-i'],
    prepare:
      'bindkey -e; autoload -Uz compinit; compinit -u -D; others() { compadd before }; compdef others pnpm',
  },
  fish: {
    start: ['fish', '--no-config', '-i'],
    prepare: "complete -c pnpm -n '__fish_seen_subcommand_from other' -f -a before",
  },
} as const

describe.each(Object.keys(shells) as (keyof typeof shells)[])('%s', (shell) => {
  beforeAll(async () => {
    try {
      execFileSync(shell, ['--version'])
    } catch (error) {
      throw new Error(`This test types into ${shell}: apt-get install ${shell}`, { cause: error })
    }
    writeFileSync(join(tree.directory, shell), (await completion(shell)).stdout)
  })
  afterAll(() => rmSync(join(tree.directory, shell)))

  test.each(typed)('%s<TAB>', async (line, completed) => {
    expect(await typeInto(shell, line)).toBe(completed)
  })
})

/** Types a line and a tab on a terminal, and has the shell print what then stands there. */
async function typeInto(shell: keyof typeof shells, line: string): Promise<string> {
  const { start, prepare } = shells[shell]
  const child = spawn('script', ['-qfec', start.join(' '), '/dev/null'], {
    cwd: root,
    env: environment({ ...env, TERM: 'dumb', COLUMNS: '300' }),
  })
  const said: string[] = []
  const ended = once(child, 'close')
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(said.join(''))?.[1]
      if (found !== undefined) return found
      await Promise.race([
        once(child.stdout, 'data'),
        ended.then(() => {
          throw new Error(`${shell} has ended: ${said.join('')}`)
        }),
      ])
    }
  }
  child.stdin.write(`${prepare}; source ${join(tree.directory, shell)}; echo rea''dy\r`)
  await until(/(ready)/)
  child.stdin.write(`${line}\t`)
  // The line is printed by the shell itself, between words that nobody has typed as they come out.
  child.stdin.write("\x01echo 'be'gin \"\x05\" 'e'nd\r")
  const shown = await until(/begin ([^\r\n]*?) end/)
  child.stdin.write('exit\r')
  child.kill()
  await ended
  return shown.trimEnd()
}

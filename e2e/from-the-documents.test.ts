import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { describeCommands, examplesOf, leavesOf } from '@manybase/migrator/cli'
import { given } from './docs/given.ts'
import { readText } from './docs/pages.ts'
import { makeSocrates, makeTemplate, type Socrates, type SocratesTemplate } from './support/socrates.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

/** The rows of the tables: the guide's words, and ours. */
const rows = [...readText('docs/reference/from-the-documents.md').matchAll(/^\| (.+?) \| (.+) \|$/gm)]
  .map(([, theirs = '', ours = '']) => ({ theirs, ours }))
  .filter(({ theirs }) => theirs !== "the guide's words")

const commandLine = /`((?:pnpm (?:-s )?db[: ]|psql "\$\(pnpm)[^`]*)`/g
const commandsIn = (ours: string): readonly string[] =>
  [...ours.replaceAll(/not yet \([^)]*\)/g, '').matchAll(commandLine)].map(([, line = '']) => line)

const lines = [...new Set(rows.flatMap(({ ours }) => commandsIn(ours)))]
/** Words in capitals stand for something that only a reader has. */
const isPattern = (line: string) => /\s[A-Z]{3,}\b/.test(line)
const samples = new Map([['pnpm db inspect TABLE', 'pnpm db inspect users']])

const leaves = leavesOf(await describeCommands())
/** The longest name that the line begins with: one of a family has two words. */
const nameOf = (line: string) => {
  const words = /db[: ]([a-z]+(?: [a-z]+)?)/.exec(line)?.[1] ?? ''
  return leaves.some(({ name }) => name === words) ? words : (words.split(' ')[0] ?? '')
}
/** These leave files and databases as they are. */
const looking = new Set([
  'status',
  'current',
  'history',
  'heads',
  'branches',
  'show',
  'verify',
  'check',
  'test',
  'drift',
  'lint',
  'inspect',
  'config',
  'url',
  'wait',
  'preflight',
])
const examples = new Set(leaves.flatMap(({ command }) => Object.keys(examplesOf(command))))
const find = (name: string) => leaves.find((leaf) => leaf.name === name)?.command

let tenant: Tenant
let template: SocratesTemplate
let socrates: Socrates

beforeAll(async () => {
  tenant = await makeTenant()
  template = await makeTemplate(tenant)
})
afterAll(() => tenant.dispose())

describe('what the guides call a command', () => {
  const tools =
    /^`(?:cd |python |alembic |psql |pg_dump |docker|createdb |while |export |tail |echo |op\.|command\.|run_migrations)/
  /** Theirs that is no command of ours, and what is said of it. */
  const otherwise =
    /not needed|not yet|`(?:docker compose|--|pg_dump|environments|compose|\.github)|the same file|label: |-- |\]\(/

  test('has one here, or a reason', () => {
    const commands = rows.filter(({ theirs }) => tools.test(theirs))
    expect(commands.length).toBeGreaterThan(40)
    const without = commands.filter(({ ours }) => commandsIn(ours).length === 0 && !otherwise.test(ours))
    expect(without).toEqual([])
  })
})

describe('what we call it', () => {
  const typed = lines
    .filter((line) => !isPattern(line) || samples.has(line))
    .map((line) => samples.get(line) ?? line)
  const looks = (line: string) => looking.has(nameOf(line)) && given[line] === undefined

  const expectDone = async (line: string) => {
    const name = nameOf(line)
    const asks = find(name)?.options.some(({ long }) => long === '--yes') && !line.includes('--yes')
    const { stdout, stderr, exitCode } = await socrates.type(asks ? `${line} --yes` : line, {
      mayShowPasswords: name === 'url',
    })
    expect({ stdout, stderr, exitCode }).toEqual({ stdout, stderr, exitCode: 0 })
  }

  describe('for looking', () => {
    beforeAll(async () => {
      socrates = await makeSocrates(template)
    })
    afterAll(() => socrates.dispose())
    test.each(typed.filter(looks))('%s', expectDone)
  })

  describe('for a change', () => {
    beforeEach(async () => {
      socrates = await makeSocrates(template)
    })
    afterEach(() => socrates.dispose())
    // The examples of the commands are typed by a test of their own.
    test.each(typed.filter((line) => !looks(line) && !examples.has(line)))('%s', async (line) => {
      await given[line]?.(socrates)
      await expectDone(line)
    })
  })

  test.each(lines.filter((line) => isPattern(line) && !samples.has(line)))(
    '%s: the command and its flags are there',
    (line) => {
      const options = find(nameOf(line))?.options.map(({ long }) => long)
      for (const [flag] of line.matchAll(/--[a-z-]+/g)) expect(options).toContain(flag)
      expect(options).toBeDefined()
    },
  )
})

test('works in every folder below the catalog', async () => {
  socrates = await makeSocrates(template)
  try {
    const { stdout, exitCode } = await socrates.type(
      'cd packages/db-auth/prisma && pnpm db status --only auth',
    )
    expect({ stdout, exitCode }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('✅ socrates_auth: 002'),
    })
    const elsewhere = await socrates.type('cd / && pnpm db status')
    expect(elsewhere).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('[config.missing]') })
  } finally {
    await socrates.dispose()
  }
})

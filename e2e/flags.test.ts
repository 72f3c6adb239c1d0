import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { describeCommands, leavesOf } from '@manybase/migrator/cli'
import { findCommandWords } from './support/command-words.ts'
import { makeProject, type Project } from './support/project.ts'
import { root } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const leaves = leavesOf(await describeCommands())
type Leaf = (typeof leaves)[number]
/** Every command has these; the tests below try them on each, and those of formats.md `--json`. */
const tried = new Set(['--only', '--config', '--json'])

const having = (flag: string) =>
  leaves.filter(({ command }) => command.options.some(({ long }) => long === flag))

/** What the commands take that are not run without. */
const given: Readonly<Record<string, readonly string[]>> = {
  revision: ['001'],
  revisions: ['001'],
  range: ['001:001'],
  file: ['queries.sql'],
  directory: ['backups/none'],
  ids: ['6f1f64f6-6d6c-4f0b-9a3e-0f3b7a0c5d11'],
  id: ['6f1f64f6-6d6c-4f0b-9a3e-0f3b7a0c5d11'],
  '--yes': ['--yes'],
  '--reason': ['--reason', 'a test'],
  '[message]': ['message'],
}

function wordsFor({ name, command }: Leaf): readonly string[] {
  const args = command.registeredArguments.flatMap((argument) => {
    const key = argument.required ? argument.name() : `[${argument.name()}]`
    return given[key] ?? []
  })
  const options = command.options.flatMap(({ long }) => given[long ?? ''] ?? [])
  return [...name.split(' '), ...args, ...options]
}

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
  project = makeProject(tenant, {
    alpha: { '001_users': 'CREATE TABLE users (id int PRIMARY KEY);' },
    beta: {},
  })
  project.write('queries.sql', '-- name: one\nSELECT 1;')
})
afterAll(async () => {
  project.dispose()
  await tenant.dispose()
})

test('every option of every command is tried by a test', () => {
  const names = new Set(leaves.map(({ name }) => name))
  const used = new Set<string>()
  for (const file of readdirSync(join(root, 'e2e')).filter((name) => name.endsWith('.test.ts'))) {
    findCommandWords(readFileSync(join(root, 'e2e', file), 'utf8'), names, (command, words) => {
      for (const word of words) used.add(`${command} ${word.replace(/=.*/s, '')}`)
    })
  }
  const untried = leaves.flatMap(({ name, command }) =>
    command.options
      .filter(
        ({ long, short }) =>
          !tried.has(long ?? '') && ![long, short].some((flag) => used.has(`${name} ${flag}`)),
      )
      .map(({ long }) => `${name} ${long}`),
  )
  expect(untried).toEqual([])
})

describe.each([
  { flag: '--config', value: 'nowhere.config.ts', code: 'config.missing' },
  { flag: '--only', value: 'nobody', code: 'database.unknown' },
])('$flag', ({ flag, value, code }) => {
  test('is heeded by every command that has it', async () => {
    const found: string[] = []
    const left = [...having(flag)]
    const work = async () => {
      for (let leaf = left.shift(); leaf; leaf = left.shift()) {
        const { stderr, stdout, exitCode } = await project.db([...wordsFor(leaf), flag, value])
        if (exitCode !== 2 || !stderr.includes(`[${code}]`))
          found.push(`${leaf.name}: ${exitCode} ${stdout}${stderr}`)
      }
    }
    await Promise.all([work(), work(), work(), work()])
    expect(found).toEqual([])
  })
})

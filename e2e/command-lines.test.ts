import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { describeCommands, examplesOf, leavesOf } from '@manybase/migrator/cli'
import { type Block, blocksOf } from './docs/blocks.ts'
import { given } from './docs/given.ts'
import { readText } from './docs/pages.ts'
import { shapeOf } from './docs/shape.ts'
import type { Result } from './support/run.ts'
import { makeSocrates, makeTemplate, type Socrates, type SocratesTemplate } from './support/socrates.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const leaves = leavesOf(await describeCommands())
const examples = leaves.flatMap(({ name, command }) =>
  Object.keys(examplesOf(command)).map((line) => ({ name, line })),
)
const samples = blocksOf(readText('docs/reference/formats.md')).flatMap((block) => {
  const command = block.settings.get('of')
  return command === undefined ? [] : [{ line: `pnpm ${command}`, block }]
})
/** The commands that ask before data are lost; nobody is there to answer here. */
const asking = new Set(
  leaves
    .filter(({ command: { options } }) => options.some(({ long }) => long === '--yes'))
    .map(({ name }) => name),
)

let tenant: Tenant
let template: SocratesTemplate
let socrates: Socrates

beforeAll(async () => {
  tenant = await makeTenant()
  template = await makeTemplate(tenant)
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  socrates = await makeSocrates(template)
})
afterEach(() => socrates.dispose())

/** Makes what the line takes for granted, and types it. */
async function type(name: string, line: string): Promise<Result> {
  const plain = line.replace(/ --json$/, '').replaceAll("'", '"')
  await (given[line] ?? given[plain])?.(socrates)
  const yes = asking.has(name) && !line.includes('--yes') ? ' --yes' : ''
  if (runsUntilStopped(name, line)) return await typeAndStop(line)
  return await socrates.type(`${line}${yes}`, { mayShowPasswords: name === 'url' })
}

const runsUntilStopped = (name: string, line: string) => name === 'studio' || line.includes('--watch')

async function typeAndStop(line: string): Promise<Result> {
  const { child, result } = socrates.startTyping(line)
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  return await result
}

describe('examples', () => {
  test('every command has some', () => {
    const without = leaves.filter(({ command }) => Object.keys(examplesOf(command)).length === 0)
    expect(without.map(({ name }) => `${name}: give it .showing({ 'pnpm db …': 'what it does' })`)).toEqual(
      [],
    )
  })

  test.each(examples)('$line', async ({ name, line }) => {
    const { exitCode, stdout, stderr } = await type(name, line)
    expect({ stdout, stderr, exitCode }).toEqual({ stdout, stderr, exitCode: 0 })
  })
})

describe('JSON has the keys and types that formats.md shows', () => {
  /** The longest name that the line begins with: one of a family has two words. */
  const nameOf = (line: string) =>
    leaves
      .map(({ name }) => name)
      .filter((name) => `${line} `.startsWith(`pnpm db ${name} `))
      .sort((a, b) => b.length - a.length)[0] ?? ''

  test('every command has a sample', () => {
    const shown = samples.map(({ line }) => nameOf(line))
    const without = leaves.map(({ name }) => name).filter((name) => !shown.includes(name))
    expect(
      without.map((name) => `${name}: show it in formats.md, \`\`\`json of="db ${name} … --json"`),
    ).toEqual([])
  })

  test.each(samples)('$line', async ({ line, block }: { line: string; block: Block }) => {
    const { stdout, stderr, exitCode } = await type(nameOf(line), line)
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout,
      stderr,
      exitCode: Number(block.settings.get('exit') ?? 0),
    })
    expect(shapeOf(JSON.parse(stdout))).toEqual(shapeOf(JSON.parse(block.text)))
  })
})

import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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
/** For all lines that only look: each also shows that those before it have changed nothing. */
let untouched: Socrates

beforeAll(async () => {
  tenant = await makeTenant()
  template = await makeTemplate(tenant)
  untouched = await makeSocrates(template)
})
afterAll(async () => {
  await untouched.dispose()
  await tenant.dispose()
})

const looking = new Set(
  'status current history heads branches show inspect config url lint verify check drift preflight wait test'.split(
    ' ',
  ),
)

/** Makes what the line takes for granted, and types it. */
async function type(name: string, line: string): Promise<Result> {
  const plain = line.replace(/ --json$/, '').replaceAll("'", '"')
  const make = given[line] ?? given[plain]
  if (!make && looking.has(name)) return await typeIn(untouched, name, line)
  const socrates = await makeSocrates(template)
  try {
    await make?.(socrates)
    return await typeIn(socrates, name, line)
  } finally {
    await socrates.dispose()
  }
}

async function typeIn(socrates: Socrates, name: string, line: string): Promise<Result> {
  const yes = asking.has(name) && !line.includes('--yes') ? ' --yes' : ''
  if (runsUntilStopped(name, line)) return await typeAndStop(socrates, line)
  return await socrates.type(`${line}${yes}`, { mayShowPasswords: name === 'url' })
}

const runsUntilStopped = (name: string, line: string) => name === 'studio' || line.includes('--watch')

async function typeAndStop(socrates: Socrates, line: string): Promise<Result> {
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

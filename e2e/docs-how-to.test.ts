import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { follow } from './docs/follow.ts'
import { insertAfter } from './docs/insert.ts'
import { makeSocrates, makeTemplate, type SocratesTemplate } from './support/socrates.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let template: SocratesTemplate

beforeAll(async () => {
  tenant = await makeTenant()
  template = await makeTemplate(tenant)
})
afterAll(() => tenant.dispose())

test.each([
  'docs/how-to/write-a-migration.md',
  'docs/how-to/add-a-table.md',
  'docs/how-to/add-a-reference.md',
  'docs/how-to/branches.md',
  'docs/how-to/squash.md',
  'docs/how-to/offline.md',
  'docs/how-to/adopt-a-database.md',
  'docs/how-to/scan-and-repair.md',
])(
  '%s, from top to bottom, in a repository at head',
  async (path) => {
    const socrates = await makeSocrates(template)
    try {
      const runs = await follow(path, {
        write: socrates.write,
        insert: (file, line, text) => insertAfter(join(socrates.directory, file), line, text),
        type: async (commands) => {
          const { stdout, exitCode } = await socrates.type(`exec 2>&1; set -e\n${commands}`)
          return { output: stdout, exitCode }
        },
      })
      expect(runs).toBeGreaterThan(0)
    } finally {
      await socrates.dispose()
    }
  },
  300_000,
)

import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import { makeSocrates, makeTemplate, type Socrates, type SocratesTemplate } from './socrates.ts'
import { makeTenant, type Tenant } from './tenant.ts'

export const ada = '0a5fbd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d'
export const bob = 'b0b5bd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d'
/** Never was. */
export const nobody = 'deadbd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d'

/** What makes a user of that id. */
export const insertUser = (id: string, name: string): string =>
  `INSERT INTO users (id, email, username, hashed_password, name, surname)
   VALUES ('${id}', '${name}@example.org', '${name}', 'x', '${name}', 'L')`

/** The databases of the test that runs. */
export interface People extends Pick<Socrates, 'query' | 'type' | 'startTyping'> {
  readonly tenant: Tenant
  /** Runs a line with `--json` and gives what it prints; nothing else may be said. */
  json(line: string, exitCode?: number): Promise<Record<string, unknown>>
}

/** Gives each test of the file databases of its own, at head, with what `prepare` puts in. */
export function eachWithPeople(prepare: (people: People) => Promise<void>): People {
  let tenant: Tenant | undefined
  let template: SocratesTemplate | undefined
  let socrates: Socrates | undefined
  const current = () => {
    if (!tenant || !socrates) throw new Error('there are databases only while a test runs')
    return { tenant, socrates }
  }
  const people: People = {
    get tenant() {
      return current().tenant
    },
    query: (...args) => current().socrates.query(...args),
    type: (...args) => current().socrates.type(...args),
    startTyping: (...args) => current().socrates.startTyping(...args),
    json: async (line, exitCode = 0) => {
      const result = await current().socrates.type(`${line} --json`)
      expect({ ...result }).toEqual({ ...result, exitCode, stderr: '' })
      return JSON.parse(result.stdout)
    },
  }
  beforeAll(async () => {
    tenant = await makeTenant()
    template = await makeTemplate(tenant)
  })
  afterAll(() => tenant?.dispose())
  beforeEach(async () => {
    if (!template) throw new Error('a template is made first')
    socrates = await makeSocrates(template)
    await prepare(people)
  })
  afterEach(() => socrates?.dispose())
  return people
}

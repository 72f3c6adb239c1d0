import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { referenceLookup } from '@manybase/app-validation/guard'
import { makeInputs } from '@manybase/app-validation/inputs'
import { models as authModels, references as authReferences } from '@socrates/db-auth/catalog'
import { models, references } from '@socrates/db-specs/catalog'
import { build } from 'esbuild'
import { root } from './support/run.ts'
import { makeTwoDatabases, makeUser, type TwoDatabases } from './support/two-databases.ts'

let place: TwoDatabases
beforeAll(async () => {
  place = await makeTwoDatabases()
})
afterAll(() => place.dispose())

describe('schemas of the input', () => {
  test('there are for every model of both databases', () => {
    const inputs = makeInputs({ models, references })
    const others = makeInputs({ models: authModels, references: authReferences })
    expect(Object.keys(inputs)).toHaveLength(24)
    expect(Object.keys(others)).toHaveLength(5)
    expect(inputs.Project.create.safeParse({ userId: randomUUID(), name: 'x'.repeat(256) }).success).toBe(
      false,
    )
  })

  test('ask the database once for a whole array, and what they let through can be written', async () => {
    const { auth, specs } = place
    const lookup = referenceLookup({ auth })
    let questions = 0
    const inputs = makeInputs({ models, references }, (target, values) => {
      questions += 1
      return lookup.findMissing(target, values)
    })
    const users = await Promise.all([makeUser(auth), makeUser(auth)])
    const rows = users.map((userId) => ({
      userId,
      name: 'x',
      status: 'paused' as const,
      maturityScore: '12.5',
    }))
    const data = await inputs.Project.create.array().parseAsync(rows)
    expect(questions).toBe(1)
    expect(await specs.project.createMany({ data })).toEqual({ count: 2 })

    const nobody = randomUUID()
    const { error } = await inputs.Project.create
      .array()
      .safeParseAsync([...rows, { userId: nobody, name: 'y' }])
    expect(error?.issues).toMatchObject([{ path: [2, 'userId'], message: 'Names no row of users' }])
    await lookup.close()
  })

  test('go into a form: bundled for a browser, there is neither a driver nor Prisma nor Node in them', async () => {
    const entry = `
      import { makeInputs } from '@manybase/app-validation/inputs'
      import { models, references } from '@socrates/db-specs/catalog'
      export const inputs = makeInputs({ models, references })`
    const { outputFiles, metafile } = await build({
      stdin: { contents: entry, resolveDir: join(root, 'e2e') },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      minify: true,
      metafile: true,
      write: false,
    })
    const rooms = new Set(
      Object.keys(metafile.inputs).map(
        (path) => /packages\/[^/]+|node_modules\/(?!\.pnpm)[^/]+/.exec(path)?.[0],
      ),
    )
    rooms.delete(undefined)
    expect(rooms).toEqual(new Set(['packages/app-validation', 'packages/db-specs', 'node_modules/zod']))
    expect(outputFiles[0]?.text.length).toBeLessThan(1_000_000)
  })
})

test('the catalog that a form gets tells nothing but the shape', () => {
  const text = readFileSync(join(root, 'packages/db-auth/generated/references.ts'), 'utf8')
  expect(text).not.toMatch(/postgres(ql)?:\/\//)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { plainEnvironment } from '../environment.ts'
import { findPython } from '../python.ts'
import { prepare } from './measure.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('planning the same graph', () => {
  test('gives as many steps here and in Alembic, and takes time in both', async () => {
    const env = plainEnvironment()
    const { python } = await findPython(env)
    const { ours, alembic } = prepare(folder, [130], python, env)
    for (const measure of [ours, alembic]) {
      expect(await measure(130)).toEqual({
        steps: 130,
        read: expect.any(Number),
        plan: expect.any(Number),
      })
    }
  })
})

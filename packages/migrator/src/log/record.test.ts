import { describe, expect, test } from '@jest/globals'
import { defineFailure } from '@manybase/failure'
import type { Step } from '../plan/step.ts'
import { recordOf } from './record.ts'

const step: Step = {
  kind: 'upgrade',
  database: 'alpha',
  needs: [],
  revision: {
    database: 'alpha',
    id: '001',
    name: '001_users',
    path: '/histories/001_users',
    parents: [],
    dependsOn: [],
    script: 'SELECT 1;',
    checksum: '',
  },
}

describe('a line of the log', () => {
  test('says what became of a step', () => {
    expect(recordOf({ kind: 'done', step, milliseconds: 12.3, rows: 7 }, [], undefined)).toEqual({
      database: 'alpha',
      revision: '001_users',
      direction: 'upgrade',
      outcome: 'done',
      milliseconds: 12,
      rows: 7,
    })
  })

  test('has code and SQLSTATE of a failure, and neither rows nor passwords', () => {
    const failed = defineFailure<{ problem: object }>('migration.failed', 5, () => ({
      what: 'could not reach postgresql://app:hunter2@host/db',
      why: 'Key (email)=(a@b.c) already exists.',
      fix: '',
    }))
    const error = failed({ problem: { sqlstate: '23505', detail: 'Key (email)=(a@b.c)' } })
    const record = recordOf({ kind: 'failed', step, milliseconds: 1, error }, [], undefined)
    expect(record).toMatchObject({ error: { code: 'migration.failed', sqlstate: '23505' } })
    expect(JSON.stringify(record)).not.toMatch(/hunter2|a@b\.c/)
  })
})

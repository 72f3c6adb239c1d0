import { describe, expect, test } from '@jest/globals'
import { constraintName } from './constraint-name.ts'

describe('constraintName', () => {
  test('is that of the foreign key which the column would have', () => {
    expect(constraintName({ table: 'projects', column: 'user_id' })).toBe('fk_projects_user_id')
  })

  test.each(['x', 'ü', '👩'])('fits PostgreSQL’s 63 bytes, also in %s, and stays unique', (letter) => {
    const names = ['a', 'b'].map((end) => constraintName({ table: letter.repeat(60), column: `user_${end}` }))
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
    expect(new Set(names).size).toBe(2)
    expect(names[0]).toMatch(/^fk_.+_[0-9a-f]{8}$/)
  })
})

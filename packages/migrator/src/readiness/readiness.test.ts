import { describe, expect, test } from '@jest/globals'
import { compareHistories } from './readiness.ts'

const known = [
  { name: '001_a', checksums: ['a', 'a with other line ends'] },
  { name: '002_b', checksums: ['b'] },
]
const [a, b, c] = [
  { name: '001_a', checksum: 'a' },
  { name: '002_b', checksum: 'b' },
  { name: '003_c', checksum: 'c' },
]

describe('a database', () => {
  test.each([
    ['has all that is known', [a, b], { kind: 'ready' }],
    ['was migrated elsewhere', [{ ...a, checksum: 'a with other line ends' }, b], { kind: 'ready' }],
    ['has more', [a, b, c], { kind: 'ahead', unknown: ['003_c'] }],
    ['has less', [a], { kind: 'behind', pending: ['002_b'] }],
    ['has less and more', [a, c], { kind: 'behind', pending: ['002_b'] }],
    ['has nothing', [], { kind: 'behind', pending: ['001_a', '002_b'] }],
    ['has something else', [{ ...a, checksum: 'x' }], { kind: 'divergent', revisions: ['001_a'] }],
  ])('that %s', (_, applied, readiness) => {
    expect(compareHistories(known, applied)).toEqual(readiness)
  })
})

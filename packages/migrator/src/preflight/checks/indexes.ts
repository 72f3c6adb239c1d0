import type { Check } from '../check.ts'
import { ok, warning } from '../result.ts'

export const indexes: Check = {
  name: 'indexes',
  asks: 'no index is INVALID',
  run: ({ server: { invalidIndexes } }) =>
    invalidIndexes.length === 0
      ? [ok('all valid')]
      : invalidIndexes.map(({ index, table }) =>
          warning(
            `The index ${index} of ${table} is INVALID.`,
            'CREATE INDEX CONCURRENTLY failed on the way: it costs with every write, and no query uses it.',
            `DROP INDEX CONCURRENTLY ${index}, or REINDEX INDEX CONCURRENTLY ${index}`,
          ),
        ),
}

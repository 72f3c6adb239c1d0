import type { Check } from '../check.ts'
import { failed, ok, warning } from '../result.ts'

/** PostgreSQL refuses writes three million transactions before 2^31; that far before, somebody should act. */
const critical = 1_600_000_000

const millions = (age: number): string => `${Math.round(age / 1e6).toLocaleString('en')} million`

export const wraparound: Check = {
  name: 'wraparound',
  asks: 'the database is far from running out of transaction numbers',
  run: ({ server: { wraparound: ages } }) => {
    const { transactions, transactionLimit, multixacts, multixactLimit } = ages
    const words = `${millions(transactions)} transactions, ${millions(multixacts)} multixacts since the last freeze`
    if (Math.max(transactions, multixacts) >= critical) {
      return [
        failed(
          `The database is close to wraparound: ${words}.`,
          'At 2,147 million PostgreSQL takes no more writes. A migration makes the vacuum that must run now wait.',
          'VACUUM (FREEZE) the oldest tables first, and end old transactions and replication slots.',
        ),
      ]
    }
    if (transactions > transactionLimit || multixacts > multixactLimit) {
      return [
        warning(
          `A vacuum against wraparound is due: ${words}.`,
          'Such a vacuum doesn’t give way to a migration that wants its table.',
          'Let it finish first (pg_stat_progress_vacuum), or run VACUUM (FREEZE) at a quiet time.',
        ),
      ]
    }
    return [ok(words)]
  },
}

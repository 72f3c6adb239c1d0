import type { Check } from '../check.ts'
import { warning } from '../result.ts'

export const migrator: Check = {
  name: 'migrator',
  asks: 'no other migrator is at work',
  run: ({ server: { migrator: holder } }) =>
    holder === null
      ? []
      : [
          warning(
            `Another migrator holds the lock (${holder}).`,
            'Only one at a time may change a database; this one would wait.',
            'Wait until it is done, and look again.',
          ),
        ],
}

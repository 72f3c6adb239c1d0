import { describeObject } from '../../snapshot/object.ts'
import type { Check } from '../check.ts'
import { failed, ok } from '../result.ts'
import { count, some } from '../words.ts'

export const drift: Check = {
  name: 'drift',
  asks: 'the database is what its history makes (with --drift)',
  run: ({ drift: differences }) => {
    if (!differences) return []
    if ('what' in differences) return [failed(differences.what, differences.why, differences.fix)]
    if (differences.length === 0) return [ok('as its history makes it')]
    return [
      failed(
        `The database differs from its history in ${count(differences.length, 'object')}: ${some(differences.map(({ object }) => describeObject(object)))}.`,
        'Somebody changed it by hand, so nobody has tried the pending scripts on such a database.',
        'See how, and how to mend it: pnpm db drift --sql',
      ),
    ]
  },
}

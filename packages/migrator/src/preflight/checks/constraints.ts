import type { Check } from '../check.ts'
import { ok, warning } from '../result.ts'

export const constraints: Check = {
  name: 'constraints',
  asks: 'no constraint was added NOT VALID and never validated',
  run: ({ server: { unvalidated } }) =>
    unvalidated.length === 0
      ? [ok('all validated')]
      : unvalidated.map(({ constraint, table }) =>
          warning(
            `The constraint ${constraint} of ${table} is not validated.`,
            'It was added NOT VALID: rows from before may break it, and no plan relies on it.',
            `ALTER TABLE ${table} VALIDATE CONSTRAINT "${constraint}"`,
          ),
        ),
}

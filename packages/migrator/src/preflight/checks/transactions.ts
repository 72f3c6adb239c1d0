import { duration } from '../../report/output.ts'
import type { Check } from '../check.ts'
import { ok, type Remark, unknown, warning } from '../result.ts'

export const transactions: Check = {
  name: 'transactions',
  asks: 'no transaction has been open for long, and none is idle or prepared and forgotten',
  run: ({ server: { transactions: long, prepared, seesAll }, limits }) => {
    const remarks: readonly Remark[] = [
      ...long.map(({ pid, application, user, state, seconds }) =>
        warning(
          `The transaction of process ${pid} (${application || 'no application name'}, ${user}) has been open for ${duration(seconds * 1000)}, ${state}.`,
          'What it has locked can’t be changed, CREATE INDEX CONCURRENTLY waits for its end, and dead rows stay.',
          `Let it end, or end it: SELECT pg_terminate_backend(${pid})`,
        ),
      ),
      ...prepared.map(({ name, seconds }) =>
        warning(
          `The prepared transaction ${name} has been waiting for ${duration(seconds * 1000)}.`,
          'It keeps its locks until somebody commits it, also over a restart.',
          `COMMIT PREPARED '${name}' or ROLLBACK PREPARED '${name}'`,
        ),
      ),
    ]
    if (remarks.length > 0) return remarks
    return seesAll
      ? [ok(`none is older than ${duration(limits.longTransaction)}`)]
      : [unknown('this role sees its own sessions alone; with pg_read_all_stats it would see all')]
  },
}

import { relative } from 'node:path'
import type { Check } from '../check.ts'
import { ok } from '../result.ts'
import { count } from '../words.ts'

export const statements: Check = {
  name: 'statements',
  asks: 'no pending statement blocks a big table, rewrites it, loses data, or fails on the rows that are there',
  run: ({ dangers, pending, limits }) => {
    if (dangers.length > 0) {
      return dangers.map(({ status, what, why, fix, file, line, rule }) => ({
        status,
        what: `${relative(process.cwd(), file)}:${line}: ${what}`,
        why: `${why} [${rule}]`,
        fix,
      }))
    }
    return pending.length === 0
      ? []
      : [
          ok(
            `nothing dangerous in ${count(pending.length, 'script')} (big: ${count(limits.bigTable, 'row')})`,
          ),
        ]
  },
}

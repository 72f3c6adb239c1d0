import { defaultLockTimeout } from '../../execute/settings.ts'
import { duration } from '../../report/output.ts'
import type { Check } from '../check.ts'
import type { HolderFacts } from '../facts.ts'
import { ok, warning } from '../result.ts'
import { some } from '../words.ts'

export const locks: Check = {
  name: 'locks',
  asks: 'nobody holds the tables that pending scripts touch for longer than a script waits',
  run: ({ server: { tables } }) => {
    const held = tables.flatMap(({ name, lock, holders }) => {
      const lasting = holders.filter(lasts)
      return lasting.length === 0
        ? []
        : [
            warning(
              `${name} is held by ${some(lasting.map(describe))}.`,
              `A pending script takes ${lock} on it. A script waits ${duration(defaultLockTimeout)}, is rolled back, and tries again.`,
              'Let these sessions end, or migrate at a quieter time.',
            ),
          ]
    })
    if (held.length > 0 || tables.length === 0) return held
    return [ok(`nobody stands in the way at ${some(tables.map(({ name }) => name))}`)]
  },
}

/** Shorter ones are gone before a script gives up; how old it is may be hidden from this role. */
const lasts = ({ seconds }: HolderFacts): boolean => seconds === null || seconds * 1000 > defaultLockTimeout

const describe = ({ pid, application, mode, seconds }: HolderFacts): string =>
  `process ${pid} (${[application || 'no application name', mode, ...(seconds === null ? [] : [duration(seconds * 1000)])].join(', ')})`

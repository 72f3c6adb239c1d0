import type { Check } from '../check.ts'
import type { Facts } from '../facts.ts'
import { failed, ok, type Remark, warning } from '../result.ts'
import { count, some } from '../words.ts'

/** They keep nobody from migrating: the next run goes on, or a person should know. */
const harmless: readonly string[] = [
  'creates-wrong',
  'down-missing',
  'half-applied',
  'name-order',
  'out-of-order',
]

export const history: Check = {
  name: 'history',
  asks: 'history, ledger and files agree, what is pending can be planned, and each has a way back',
  run: (facts) => judgeHistory(facts),
}

/** The same where there is no database yet. */
export function judgeHistory({ findings, pending }: Pick<Facts, 'findings' | 'pending'>): readonly Remark[] {
  const isFine = findings.every(({ kind }) => harmless.includes(kind))
  const standing =
    pending.length === 0 ? 'at head' : `${count(pending.length, 'revision')} pending: ${some(pending)}`
  return [
    ...findings.map(({ kind, what, why, fix }) =>
      harmless.includes(kind) ? warning(what, why, fix) : failed(what, why, fix),
    ),
    ...(isFine ? [ok(standing)] : []),
  ]
}

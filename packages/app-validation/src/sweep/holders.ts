import type { Holder } from './barrier.ts'

/** Who is waited for, in words: a process can be looked up, and ended. */
export function describeHolders(holders: readonly Holder[]): string {
  const [first] = holders
  if (!first) return 'nobody'
  const { kind, pid, application, user, since } = first
  const who =
    pid === null ? `prepared transaction ${application}` : `process ${pid} (${user}, ${application})`
  const others = holders.length > 1 ? ` and ${holders.length - 1} more` : ''
  return `${who}${kind === 'snapshot' ? ', which has an old snapshot,' : ''} since ${since}${others}`
}

import type { Contestant, Group } from '../contestant.ts'
import type { Series } from '../rounds.ts'

/** A contestant that is never prepared. */
export const makeContestant = (
  key: string,
  role: Contestant['role'],
  group: Group = 'direct',
): Contestant => ({
  key,
  label: key,
  group,
  role,
  ledger: 'ledger',
  prepare: async () => ({ kind: 'missing', why: 'it is not real' }),
})

/** Its measurements: milliseconds from empty to head, with nothing to do and back; the same MiB throughout. */
export const makeSeries = (
  contestant: Contestant,
  up: readonly number[],
  nothing: readonly number[],
  mebibytes: number | undefined,
  down: readonly number[] = [],
): Series => {
  const run = (milliseconds: number) => ({
    milliseconds,
    kibibytes: mebibytes === undefined ? undefined : mebibytes * 1024,
    exitCode: 0,
    output: '',
  })
  const command = { program: '', args: [], cwd: '', env: {} }
  return {
    participant: { contestant, version: '1.0', up: command, down: undefined, databases: [] },
    runs: { 'empty-to-head': up.map(run), 'nothing-to-do': nothing.map(run), 'head-to-base': down.map(run) },
  }
}

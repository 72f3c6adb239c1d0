import { duration } from '../../report/output.ts'
import type { Check } from '../check.ts'
import type { SlotFacts, StandbyFacts } from '../facts.ts'
import { ok, type Remark, unknown, warning } from '../result.ts'
import { bytes, count } from '../words.ts'

/** Further behind, a standby serves what is out of date, and a failover loses it. */
const [lagSeconds, lagBytes] = [30, 100_000_000]
const retained = 1_000_000_000

export const replication: Check = {
  name: 'replication',
  asks: 'standbys keep up, and no replication slot holds back much WAL',
  run: ({ server: { standbys, slots, seesAll } }) => {
    const remarks = [...standbys.flatMap(ofStandby), ...slots.flatMap(ofSlot)]
    if (remarks.length > 0) return remarks
    if (standbys.length > 0 && !seesAll)
      return [unknown('this role doesn’t see how far standbys are; with pg_read_all_stats it would')]
    return [
      ok(
        `${count(standbys.length, 'standby').replace(/standbys$/, 'standbys')}, ${count(slots.length, 'slot')}`,
      ),
    ]
  },
}

const ofStandby = ({ name, state, lagBytes: behind, lagSeconds: late }: StandbyFacts): readonly Remark[] =>
  (late ?? 0) > lagSeconds || (behind ?? 0) > lagBytes
    ? [
        warning(
          `The standby ${name} (${state}) is behind by ${[...(behind === null ? [] : [bytes(behind)]), ...(late === null ? [] : [duration(late * 1000)])].join(', ')}.`,
          'A migration writes much at once, and what reads from the standby sees it late.',
          'Let it catch up first.',
        ),
      ]
    : []

function ofSlot({ name, active, retainedBytes, walStatus }: SlotFacts): readonly Remark[] {
  if (walStatus === 'lost') {
    return [
      warning(
        `The replication slot ${name} has lost its place.`,
        'The WAL that it still needs is gone, so whatever reads from it must begin anew.',
        `SELECT pg_drop_replication_slot('${name}'), and set up its reader again.`,
      ),
    ]
  }
  return (retainedBytes ?? 0) > retained || walStatus === 'unreserved'
    ? [
        warning(
          `The replication slot ${name}${active ? '' : ', which nobody reads,'} holds back ${bytes(retainedBytes ?? 0)} of WAL.`,
          'The disk fills until somebody reads from it, and a migration writes much at once.',
          active
            ? 'Let its reader catch up first.'
            : `Start its reader, or SELECT pg_drop_replication_slot('${name}')`,
        ),
      ]
    : []
}

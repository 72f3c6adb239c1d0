import type { Relation } from '../install/relation.ts'
import type { Trigger } from '../install/trigger.ts'
import { functionName, type Target, triggerName } from './target.ts'

/**
 * The triggers of a referenced column on one of the tables that its rows lie in. A plain table has them for each
 * statement, with the rows in a transition table: a cascade, a MERGE and a COPY fire them once. A partitioned
 * table has them for each row, since PostgreSQL clones those to every partition, also to one that is made later.
 */
export function captureTriggers(target: Target, relation: Relation): readonly Trigger[] {
  return [
    refuseTruncate(target, relation),
    ...(relation.kind === 'partitioned table' ? [refuseMoveToOtherId(target, relation)] : []),
    ...(relation.isPartition ? [] : [refuseIdChange(target, relation), ...onRows(target, relation)]),
  ]
}

function onRows(target: Target, relation: Relation): readonly Trigger[] {
  const on = (kind: 'capture' | 'reuse' | 'restrict'): Trigger => {
    const isInsert = kind === 'reuse'
    const named = {
      name: triggerName(kind, target),
      relation,
      column: target.column,
      timing: 'AFTER',
      event: isInsert ? 'INSERT' : 'DELETE',
      call: functionName(kind, target),
    } as const
    if (relation.kind === 'partitioned table') return { ...named, level: 'ROW' }
    return {
      ...named,
      level: 'STATEMENT',
      ...(isInsert ? { newTable: 'inserted' } : { oldTable: 'deleted' }),
    }
  }
  return [on('capture'), on('reuse'), ...(target.isRestricted ? [on('restrict')] : [])]
}

/** It isn't cloned, so every partition has its own. */
const refuseTruncate = (target: Target, relation: Relation): Trigger => ({
  name: triggerName('truncate', target),
  relation,
  column: target.column,
  timing: 'BEFORE',
  event: 'TRUNCATE',
  level: 'STATEMENT',
  call: 'refuse_truncate',
})

const refuseIdChange = (target: Target, relation: Relation): Trigger => ({
  name: triggerName('id_change', target),
  relation,
  column: target.column,
  timing: 'AFTER',
  event: 'UPDATE',
  level: 'ROW',
  when: { column: target.column, is: ['changed'] },
  call: 'refuse_id_change',
  arguments: [target.column],
})

/** The trigger for each row doesn't fire for rows that an UPDATE moves to another partition. */
const refuseMoveToOtherId = (target: Target, relation: Relation): Trigger => ({
  name: triggerName('moved', target),
  relation,
  column: target.column,
  timing: 'AFTER',
  event: 'UPDATE',
  level: 'STATEMENT',
  oldTable: 'before',
  newTable: 'after',
  call: functionName('moved', target),
})

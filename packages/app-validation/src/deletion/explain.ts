import { isFailure, isFailureOf } from '@manybase/failure'
import { unavailableReason } from '../guard/trouble.ts'
import { deleteContended, deleteHeld, deleteRestricted, type Restricting } from '../restrict/failures.ts'
import { DeletionRestricted, type RestrictingReference } from '../violations/deletion-restricted.ts'
import { DeletionUndecided } from '../violations/deletion-undecided.ts'
import type { Referenced } from './referenced.ts'

/** What an application can do something about, as an error of its own; anything else as it is. */
export function explainDeletion(error: unknown, referenced: Referenced, lost: ReadonlySet<string>): unknown {
  const { source, model } = referenced
  if (isFailureOf(deleteRestricted, error)) {
    const restricting = restrictingOf(referenced, error.meta.restricting)
    return new DeletionRestricted({ database: source.name, model }, restricting, error)
  }
  if (isFailureOf(deleteContended, error)) return new DeletionUndecided('contended', source.name, [], error)
  if (isFailureOf(deleteHeld, error)) {
    return new DeletionUndecided('held', error.meta.database, error.meta.holders, error)
  }
  if (isFailure(error)) return error
  const [where] = lost
  const isAway = where !== undefined || unavailableReason(error) === 'unreachable'
  return isAway ? new DeletionUndecided('unreachable', where ?? source.name, [], error) : error
}

const restrictingOf = (
  { declared, references }: Referenced,
  found: readonly Restricting[],
): readonly RestrictingReference[] =>
  declared.flatMap((reference, index) => {
    const name = `${reference.schema}.${reference.table}.${reference.column}`
    const database = references[index]?.database
    const of = found.filter((one) => one.database === database && one.reference === name)
    if (of.length === 0) return []
    return [{ reference, ids: of.map(({ id }) => id), rows: of.reduce((sum, { rows }) => sum + rows, 0) }]
  })

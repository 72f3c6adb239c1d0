import type { TargetedValue } from '../violations/named-value.ts'
import { ReferencedDatabaseUnavailable } from '../violations/referenced-database-unavailable.ts'
import { rightMissing } from './failures.ts'
import { isRightMissing, isUnreadableValue, unavailableReason } from './trouble.ts'

/**
 * Runs a lookup, and turns what it fails of into the guard's own errors.
 * @returns no missing values where one cannot be read as its column's type: the write itself refuses that
 * @throws ReferencedDatabaseUnavailable, `guard.right-missing`
 */
export async function explained<N extends TargetedValue>(
  database: string,
  named: readonly N[],
  lookUp: () => Promise<readonly N[]>,
): Promise<readonly N[]> {
  try {
    return await lookUp()
  } catch (error) {
    const reason = unavailableReason(error)
    if (reason !== undefined) throw new ReferencedDatabaseUnavailable(database, reason, error)
    if (isUnreadableValue(error)) return []
    const table = named[0]?.reference.target.table
    if (isRightMissing(error) && table !== undefined) throw rightMissing({ database, table }, error)
    throw error
  }
}

import type { ReferentialAction } from '../references/action.ts'

/** `quarantine` deletes as well, and keeps the rows with the way back. */
export type RepairAction = 'delete' | 'set-null' | 'quarantine'

const own: Readonly<Record<ReferentialAction, RepairAction | null>> = {
  Cascade: 'quarantine',
  SetNull: 'set-null',
  Restrict: null,
  Keep: null,
}

/** What a repair does about the orphans of a reference: what was chosen, or what fits its own action; null is nothing. */
export const repairActionOf = (onDelete: ReferentialAction, chosen?: RepairAction): RepairAction | null =>
  chosen ?? own[onDelete]

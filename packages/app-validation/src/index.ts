export { captureFunctions } from './capture/functions.ts'
export { type Target, targetsIn } from './capture/target.ts'
export { captureTriggers } from './capture/triggers.ts'
export { type Control, pause, readControl } from './control/control.ts'
export type { Address } from './databases/database.ts'
export { withSessions } from './databases/sessions.ts'
export { fenceFunction, fenceTriggers } from './fence/fence.ts'
export { defineFinding, type Finding, renderFinding } from './finding.ts'
export { firstDifference, readTexts, writeTexts } from './generated-files/files.ts'
export type { Relation } from './install/relation.ts'
export { createFunction, createTrigger } from './install/trigger.ts'
export { loadSchemas } from './prisma-schema/load.ts'
export { parseSchema } from './prisma-schema/parse.ts'
export type { SourceFile } from './prisma-schema/scan.ts'
export {
  type DatabaseSchema,
  type Position,
  primaryKeyOf,
  qualifiedName,
  type Table,
} from './prisma-schema/schema.ts'
export {
  type BrokenBatch,
  type Receipt,
  type ReceiptQuery,
  readReceipts,
  verifyReceipts,
} from './receipts/receipts.ts'
export type { ReferentialAction } from './references/action.ts'
export { commentOf } from './references/annotation.ts'
export { constraintName } from './references/constraint-name.ts'
export type { ReferenceFinding } from './references/findings.ts'
export { type PlacedColumn, type PlacedReference, placeReference, targetName } from './references/placed.ts'
export type { DeclaredReference, Reference, ReferencedColumn } from './references/reference.ts'
export { type ReferenceCatalog, resolveReferences } from './references/resolve.ts'
export { soundReferences } from './references/sound.ts'
export { type RepairAction, repairActionOf } from './repair/action.ts'
export { repairUnknown } from './repair/failures.ts'
export { type ColumnRepair, repair } from './repair/repair.ts'
export { type Undone, undoRepair } from './repair/undo.ts'
export { arbitrate, type DeleteRequest, type Party } from './restrict/arbitrate.ts'
export { deleteArbitrated } from './restrict/delete.ts'
export type { DeleteOptions } from './restrict/patience.ts'
export { revive } from './revive/revive.ts'
export { type ColumnScan, type Scan, scan } from './scan/scan.ts'
export type { ScanProgress } from './scan/strays.ts'
export { comparePages, type Pages } from './schema-reference/compare.ts'
export { readPages, writePages } from './schema-reference/files.ts'
export { renderPages } from './schema-reference/render.ts'
export { type Thawed, thaw } from './skew/thaw.ts'
export type { Holder } from './sweep/barrier.ts'
export { describeHolders } from './sweep/holders.ts'
export { type Link, makeLinks } from './sweep/link.ts'
export { type Round, sweepOnce } from './sweep/round.ts'
export { openSession } from './sweep/session.ts'
export type { Sql } from './sweep/sql.ts'

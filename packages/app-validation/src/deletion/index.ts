export type { BrokenBatch, Receipt } from '../receipts/receipts.ts'
export type { DeleteOptions } from '../restrict/patience.ts'
export {
  DeletionRestricted,
  isDeletionRestricted,
  type RestrictingReference,
} from '../violations/deletion-restricted.ts'
export {
  DeletionUndecided,
  isDeletionUndecided,
  type UndecidedReason,
} from '../violations/deletion-undecided.ts'
export { type Deletion, type DeletionRequest, deleteReferenced } from './delete-referenced.ts'
export { type DeletionReport, type DeletionShare, readDeletion, verifyDeletions } from './read-deletion.ts'
export type { ModelOf, ReferencedClient } from './referenced.ts'

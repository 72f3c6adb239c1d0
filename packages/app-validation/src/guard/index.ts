export type { DatabaseDescription } from '../databases/database.ts'
export type { FieldProblem, Problem } from '../violations/problem.ts'
export {
  type BrokenReference,
  isReferenceViolation,
  ReferenceViolation,
  type ViolationKind,
} from '../violations/reference-violation.ts'
export {
  isReferencedDatabaseUnavailable,
  ReferencedDatabaseUnavailable,
  type UnavailableReason,
} from '../violations/referenced-database-unavailable.ts'
export type { Described, GuardableClient, ReferencedDatabase } from './database.ts'
export { type GuardMethods, guardReferences } from './guard-references.ts'
export type { CallOptions, GuardMode, GuardOptions } from './options.ts'
export { type ReferenceLookup, referenceLookup } from './reference-lookup.ts'

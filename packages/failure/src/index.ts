export type { ExitCode, Explanation, FailureKind, Meta } from './failure.ts'
export { defineFailure, exitCodes, Failure } from './failure.ts'

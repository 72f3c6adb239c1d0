export { errorCode, errorMessage, isFailure, isFailureOf } from './error.ts'
export type { ExitCode, Explanation, FailureKind, Meta } from './failure.ts'
export { defineFailure, exitCodes, Failure } from './failure.ts'
export { tellError } from './tell.ts'

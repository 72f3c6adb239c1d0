export { assertAtHead, checkReadiness, type QueryClient, type ReadinessOptions } from './assert-at-head.ts'
export { type KnownRevision, readKnownHistory } from './known-history.ts'
export type { Readiness } from './readiness.ts'

export { referencesAmong } from '../install/references.ts'
export { notInstalled, outOfStep, type StatusFinding } from './findings.ts'
export { type LinkStatus, pairsOf, readLinkStatus } from './link.ts'
export { readStatus, type Status } from './read-status.ts'

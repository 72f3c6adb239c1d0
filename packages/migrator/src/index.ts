export type { Catalog, Database } from './catalog/catalog.ts'
export { loadCatalog } from './catalog/load.ts'
export type { Target } from './catalog/resolve.ts'
export { defaultLockTimeout } from './execute/settings.ts'
export { readHistory } from './history/read.ts'
export { makeLedger } from './ledger/ledger.ts'
export { type Located, type LocateOptions, locate } from './locate.ts'
export {
  type ChangeOptions,
  change,
  type Peers,
  type Planner,
  type Report,
  toHead,
  upgrade,
} from './migrate.ts'
export { planUpgrade } from './plan/plan.ts'
export { isAtHead, makeState } from './plan/state.ts'
export { inspectStates } from './workspace.ts'

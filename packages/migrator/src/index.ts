export type { Catalog, Database } from './catalog/catalog.ts'
export { loadCatalog } from './catalog/load.ts'
export type { Target } from './catalog/resolve.ts'
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
export { inspectStates } from './workspace.ts'

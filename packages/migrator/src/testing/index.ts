export { type HistoryTest, type HistoryTestOptions, testHistories } from '../checks/history-tests.ts'
export {
  type CatalogDifference,
  type CatalogSnapshot,
  catalogDifferences,
  catalogSnapshot,
} from '../snapshot/catalog-snapshot.ts'
export type { CatalogClient } from '../snapshot/client.ts'

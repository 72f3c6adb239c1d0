/** What a `databases.config.ts` imports; nothing heavy, since every command loads it. */
export type {
  CatalogConfig,
  DatabaseConfig,
  LocalServer,
  RunningServer,
  UrlSource,
} from './catalog/define.ts'
export { defineDatabases, fromParts, fromVariable } from './catalog/define.ts'

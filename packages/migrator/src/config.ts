/** What a `databases.config.ts` imports; nothing heavy, since every command loads it. */
export type {
  CatalogConfig,
  Companion,
  CompanionClient,
  CompanionInstaller,
  CompanionRights,
  CompanionSite,
  CompanionStatement,
  DatabaseConfig,
  LocalServer,
  RoleNames,
  RunningServer,
  UrlListSource,
  UrlSource,
} from './catalog/define.ts'
export {
  defineDatabases,
  fromFile,
  fromParts,
  fromQuery,
  fromVariable,
  fromVariableList,
} from './catalog/define.ts'

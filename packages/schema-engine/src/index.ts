export type { Datasource } from './adapter/factory.ts'

/** What a `data.ts` imports. */
export type { BatchInput, BatchOutput, DataClient, DataMigration } from './define.ts'
export { defineDataMigration } from './define.ts'

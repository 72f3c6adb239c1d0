export { localPostgres } from './local-postgres.ts'
export type { LocalPostgres, OnStep, RunningServer, Step } from './server.ts'

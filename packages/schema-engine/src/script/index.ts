export type { ScriptConnection } from './execute.ts'
export { demandsNoTransaction, executeScript, relativeToScript } from './execute.ts'
export type { ScriptHeader } from './header.ts'
export { readHeader } from './header.ts'

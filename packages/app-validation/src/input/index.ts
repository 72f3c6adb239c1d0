export type { FindMissing } from './batch.ts'
export { type Inputs, type ModelInputs, makeInputs } from './inputs.ts'

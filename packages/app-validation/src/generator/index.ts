export type { DatabaseDescriptor, ModelShape } from './descriptor.ts'
export { type DatabaseSource, generateDescriptor } from './generate.ts'
export { outputFile } from './render.ts'

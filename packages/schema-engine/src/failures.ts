import { defineFailure, exitCodes } from '@manybase/failure'

export const engineVersionDiffers = defineFailure<{ prisma: string; needed: string; found: string }>(
  'engine.version',
  exitCodes.precondition,
  ({ prisma, needed, found }) => ({
    what: `The schema engine is version ${found}, and prisma ${prisma} needs ${needed}.`,
    why: 'The Prisma CLI and its engine speak a protocol of their own, which may change with every release.',
    fix: `In pnpm-workspace.yaml, under catalog, change the line to\n  '@prisma/schema-engine-wasm': ${needed}\nand run pnpm install.`,
  }),
)

export const engineRefused = defineFailure<{ operation: string; reason: string; code?: string }>(
  'engine.refused',
  exitCodes.precondition,
  ({ operation, reason, code }) => ({
    what: `The schema engine could not ${operation}.`,
    why: code === undefined ? reason : `${code}: ${reason}`,
    fix: 'Correct what the reason names: the schema, the script or the database.',
  }),
)

export const enginePanicked = defineFailure<{ operation: string; reason: string }>(
  'engine.panicked',
  exitCodes.bug,
  ({ operation, reason }) => ({
    what: `The schema engine met a bug of its own when it was to ${operation}.`,
    why: reason,
    fix: 'Report it to Prisma (prisma-engines) with the schema and the script that show it.',
  }),
)

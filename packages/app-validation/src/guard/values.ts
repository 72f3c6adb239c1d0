export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Prisma takes one of something wherever it takes a list. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** The parts by name, for a command line that loads them only when there is something to measure. */
export const partKeys = ['cascade', 'capture', 'guard', 'lag', 'scan', 'memory'] as const

export type PartKey = (typeof partKeys)[number]

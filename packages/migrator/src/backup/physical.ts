import type { Target } from '../catalog/resolve.ts'

/** A database of a server, with all histories of the catalog that live in it. */
export interface PhysicalDatabase {
  /** The first of its histories, in the catalog's order: the name of its folder in a backup. */
  readonly name: string
  /** One for each history, in the catalog's order. */
  readonly targets: readonly [Target, ...Target[]]
}

/** Histories that share a database are saved and brought back together. */
export function groupByDatabase(targets: readonly Target[]): readonly PhysicalDatabase[] {
  const groups = Map.groupBy(
    targets,
    ({ connection: { host, port, database } }) => `${host}:${port}/${database}`,
  )
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ name: first.name, targets: [first, ...others] }] : [],
  )
}

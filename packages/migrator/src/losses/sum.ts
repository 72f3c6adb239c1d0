import type { Loss } from './loss.ts'

/** The same loss in several databases of a list as one, with the numbers of all. */
export function sumLosses(losses: readonly Loss[], entryOf: (database: string) => string): readonly Loss[] {
  const alike = Map.groupBy(losses, ({ database, ...loss }) =>
    JSON.stringify([entryOf(database), { ...loss, count: undefined }]),
  )
  return [...alike.values()].flatMap((group) => {
    const [first] = group
    if (!first || group.length === 1) return group
    const database = `${group.length} databases of ${entryOf(first.database)}`
    return [{ ...first, database, ...('count' in first && { count: total(group) }) }]
  })
}

function total(group: readonly Loss[]) {
  const counts = group.flatMap((loss) => ('count' in loss ? [loss.count] : []))
  return {
    number: counts.reduce((sum, { number }) => sum + number, 0),
    estimated: counts.some(({ estimated }) => estimated),
  }
}

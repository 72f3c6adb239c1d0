import type { Finding } from '../finding.ts'
import { firstDifference } from '../generated-files/files.ts'
import { missingPage, obsoletePage, stalePage } from './findings.ts'
import { marker } from './page.ts'

/** Pages by file name, `socrates_auth.md`. */
export type Pages = ReadonlyMap<string, string>

/** What separates the pages on disk from those that the schemas give. Pages written by hand are left alone. */
export function comparePages(wanted: Pages, found: Pages, directory: string): readonly Finding[] {
  const at = (name: string, line: number) => ({ file: `${directory}/${name}`, line, column: 1 })
  const differing = [...wanted].flatMap(([name, text]): readonly Finding[] => {
    const database = databaseOf(name)
    const present = found.get(name)
    if (present === undefined) return [missingPage(at(name, 1), { database })]
    return present === text ? [] : [stalePage(at(name, firstDifference(present, text)), { database })]
  })
  return [
    ...differing,
    ...obsoletePages(wanted, found).map((name) => obsoletePage(at(name, 1), { database: databaseOf(name) })),
  ]
}

/** Generated pages whose database is gone. */
export const obsoletePages = (wanted: Pages, found: Pages): readonly string[] =>
  [...found].flatMap(([name, text]) => (!wanted.has(name) && text.startsWith(marker) ? name : []))

const databaseOf = (name: string): string => name.replace(/\.md$/, '')

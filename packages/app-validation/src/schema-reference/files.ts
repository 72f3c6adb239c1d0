import { readTexts, writeTexts } from '../generated-files/files.ts'
import { obsoletePages, type Pages } from './compare.ts'

/** The Markdown files of a folder; none where there is no folder yet. */
export const readPages = (directory: string): Promise<Pages> =>
  readTexts(directory, (name) => name.endsWith('.md'))

/** Brings the folder to the wanted pages, and writes only what changes. */
export const writePages = (directory: string, wanted: Pages, found: Pages): Promise<void> =>
  writeTexts(directory, wanted, found, obsoletePages(wanted, found))

import { readTexts, writeTexts } from '@manybase/app-validation'
import { obsoletePictures } from './compare.ts'
import type { Pictures } from './pictures.ts'

/** The pictures of a folder, drawn by whomever; none where there is no folder yet. */
export const readPictures = (directory: string): Promise<Pictures> =>
  readTexts(directory, (name) => /\.(?:svg|mmd)$/.test(name))

/** Brings the folder to the wanted pictures, and writes only what changes. */
export const writePictures = (directory: string, wanted: Pictures, found: Pictures): Promise<void> =>
  writeTexts(directory, wanted, found, obsoletePictures(wanted, found))

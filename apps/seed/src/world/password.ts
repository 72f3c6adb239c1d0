import { hashPasswordSync } from '@manybase/password'
import { type Settings, streamOf } from './world.ts'

/** What every seeded user signs in with. */
export const seededPassword = 'correct horse battery staple'

/** The seeded password under a few salts: hashing is slow on purpose, so users share them. */
export function makeHashes(settings: Settings): readonly string[] {
  const random = streamOf(settings, 'passwords')
  return Array.from({ length: 3 }, () =>
    hashPasswordSync(seededPassword, Buffer.from(random.digest().slice(0, 32), 'hex')),
  )
}

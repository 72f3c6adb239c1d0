import type { Installer } from './install/installer.ts'
import {
  createSchema,
  installedStamp,
  mayTakePart,
  readSchemaTexts,
  type Site,
  stampOf,
  writeStamp,
} from './install/stamp.ts'

export interface IntegrityOptions {
  /** false removes what is there, at the next migration. */
  readonly install?: boolean
}

/**
 * The integrity of references, for `integrity` in a `databases.config.ts`: the migrator installs capture and fence,
 * and keeps them in step with the annotations of the schemas. Nothing heavy is loaded until there is something to do.
 */
export const referenceIntegrity = ({ install = true }: IntegrityOptions = {}) => ({
  schema: 'integrity',
  installedStamp,
  createSchema,
  writeStamp,
  /** The stamp that each database should have; null for one that takes no part. */
  stamps(sites: readonly Site[]): ReadonlyMap<string, string | null> {
    const texts = readSchemaTexts(sites)
    const stamp = stampOf(sites, texts)
    return new Map(sites.map(({ name }) => [name, install && mayTakePart(name, texts) ? stamp : null]))
  },
  async open(sites: readonly Site[]): Promise<Installer> {
    const { makeInstaller, nothingToInstall } = await import('./install/installer.ts')
    return install ? await makeInstaller(sites) : nothingToInstall
  },
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checksum } from '../history/checksum.ts'

/** A revision as an application knows it: small enough to be built into it. */
export interface KnownRevision {
  /** The directory's name. */
  readonly name: string
  /** SHA-256 of `migration.sql` in hex: as it is, and with either kind of line ends. */
  readonly checksums: readonly string[]
}

/**
 * Reads which revisions a folder of migrations has, for `assertAtHead`. The result is plain data: a build step may
 * write it into a module, so that the folder needn't be deployed.
 */
export function readKnownHistory(migrations: string | URL): readonly KnownRevision[] {
  const directory = typeof migrations === 'string' ? migrations : fileURLToPath(migrations)
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => ({
      name,
      checksums: checksumsOf(readFileSync(join(directory, name, 'migration.sql'), 'utf8')),
    }))
}

function checksumsOf(script: string): readonly string[] {
  const unix = script.replaceAll('\r\n', '\n')
  return [...new Set([script, unix, unix.replaceAll('\n', '\r\n')].map(checksum))]
}

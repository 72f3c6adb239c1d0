import type { Check } from '../check.ts'
import { ok, warning } from '../result.ts'

/** What the migrator's tests run on. */
const [oldest, newest] = [15, 18]

export const version: Check = {
  name: 'version',
  asks: 'the server is of a version that is tested, and all servers are of the same',
  run: ({ server: { version, otherMajors } }) => {
    const others = otherMajors.filter(({ major }) => major !== version.major)
    const different = others.map((other) => `${other.database} is on ${other.major}`).join(', ')
    const remarks = [
      ...(version.major < oldest || version.major > newest
        ? [
            warning(
              `PostgreSQL ${version.text} is none of the versions that are tested, ${oldest} to ${newest}.`,
              'Statements, locks and catalogs differ from one version to another.',
              'Try the migration on a copy of this database first.',
            ),
          ]
        : []),
      ...(others.length > 0
        ? [
            warning(
              `PostgreSQL ${version.text}, and ${different}.`,
              'What works in one database may be missing in the other.',
              'Bring the servers to the same version.',
            ),
          ]
        : []),
    ]
    return remarks.length > 0 ? remarks : [ok(`PostgreSQL ${version.text}`)]
  },
}

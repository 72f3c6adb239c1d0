import type { Target } from '../catalog/target.ts'
import { connectTo } from '../sql-script/psql.ts'
import type { Finding } from './arrange.ts'

/** The statements for psql: in each database all of them or none. */
export function writeScript(targets: readonly Target[], findings: readonly Finding[]): readonly string[] {
  const servers = new Set(targets.map(({ connection: { host, port } }) => `${host}:${port}`))
  return [
    '\\set ON_ERROR_STOP on',
    ...findings.flatMap(({ databases, statements }) => {
      const target = targets.find(({ name }) => name === databases[0])
      if (!target || statements.length === 0) return ['', `-- ${databases.join(', ')}: nothing to do`]
      return [
        '',
        `-- ${databases.join(', ')}`,
        `\\connect ${connectTo(target.connection, servers.size > 1)}`,
        'BEGIN;',
        ...statements.map((statement) => `${statement};`),
        'COMMIT;',
      ]
    }),
  ]
}

import type { Target } from '../../catalog/target.ts'
import { parseDatabaseUrl } from '../../catalog/url.ts'
import type { Unit } from '../units.ts'

/** A target without a server: `tenants/acme` is a member of the list `tenants`, in a database of its own unless one is named. */
export function makeTarget(name: string, database = name.replace('/', '_')): Target {
  const [list = name, member] = name.split('/')
  return {
    name,
    label: name,
    directory: '/nowhere',
    schemaFile: '/nowhere/schema.prisma',
    migrations: '/nowhere/migrations',
    client: '/nowhere/generated',
    source: { kind: 'variable', name: 'URL' },
    connection: parseDatabaseUrl(`postgresql://u@h/${database}?schema=${name.replace('/', '_')}`, 'URL'),
    origin: 'a test',
    ...(member !== undefined && { membership: { list: { name: list, lists: new Set([list]) }, member } }),
  }
}

export const makeUnit = (...targets: readonly Target[]): Unit => ({
  name: targets.map(({ name }) => name).join(', '),
  targets,
})

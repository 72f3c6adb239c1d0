import type { Catalog, Database } from './catalog.ts'
import type { RunningServer } from './define.ts'
import type { Environment } from './environment.ts'
import { urlIncomplete, urlMissing } from './failures.ts'
import { checkMembers } from './sources/members.ts'
import { makeReader, nameOf, originOf, type ReadSource } from './sources/read.ts'
import { isListSource, type Listed } from './sources/source.ts'
import { type List, memberName, type Target } from './target.ts'
import { parseDatabaseUrl } from './url.ts'

export { nameOf } from './sources/read.ts'
export type { Target } from './target.ts'

/** Either every selected database has a URL, or none has and a local server is to stand in. */
export type Resolution =
  | { readonly kind: 'urls'; readonly targets: readonly Target[] }
  | { readonly kind: 'local'; readonly databases: readonly Database[] }

/**
 * Decides where the selected databases are; a list is as many targets as it has members. Looks nothing up but
 * what the sources name.
 * @throws `url.missing`, `url.incomplete`, `url.unusable`, `list.*`
 */
export async function resolve(
  catalog: Catalog,
  databases: readonly Database[],
  env: Environment,
  read: ReadSource = makeReader(catalog, env),
): Promise<Resolution> {
  const found = await Promise.all(
    databases.map(async (database) => ({ database, listed: await read(database) })),
  )
  const unset = found
    .filter(({ listed }) => listed === undefined)
    .map(({ database }) => nameOf(database.source))
  if (unset.length === 0) {
    const targets = found.flatMap(({ database, listed = [] }) => makeTargets(catalog, database, listed, env))
    return { kind: 'urls', targets }
  }
  if (unset.length < found.length) {
    const set = found
      .filter(({ listed }) => listed !== undefined)
      .map(({ database }) => nameOf(database.source))
    throw urlIncomplete({ set, unset })
  }
  if (env.production || !catalog.local) throw urlMissing({ variables: unset })
  return { kind: 'local', databases }
}

/** Where the databases are on a local server; a list is a single database there. */
export const onLocalServer = (databases: readonly Database[], server: RunningServer): readonly Target[] =>
  databases.map((database) => ({
    ...database,
    connection: parseDatabaseUrl(server.url(database.name), 'the local server'),
    origin: `local server, PostgreSQL ${server.version}`,
  }))

function makeTargets(
  catalog: Catalog,
  database: Database,
  listed: readonly Listed[],
  env: Environment,
): readonly Target[] {
  const { name, source } = database
  const origin = originOf(source, env)
  if (!isListSource(source)) {
    return listed.map(({ url }) => ({
      ...database,
      connection: parseDatabaseUrl(url, nameOf(source)),
      origin,
    }))
  }
  const lists = catalog.databases.filter((other) => isListSource(other.source)).map((other) => other.name)
  const list: List = { name, lists: new Set(lists) }
  const members = listed.map(({ member = '', url }) => ({
    member,
    connection: parseDatabaseUrl(url, memberName(name, member)),
  }))
  checkMembers(members, { list: name, place: nameOf(source), mayBeEmpty: source.mayBeEmpty })
  return members.map(({ member, connection }) => {
    const full = memberName(name, member)
    return { ...database, name: full, label: full, connection, origin, membership: { list, member } }
  })
}

import type { DatabaseUrl } from '../url.ts'
import { parseDatabaseUrl } from '../url.ts'
import { listDuplicateName, listEmpty, listMalformed, listSameDatabase } from './failures.ts'
import type { Listed } from './source.ts'

/** `name=url`; the name can't hold what begins a URL. */
const named = /^([^=:/?]+)=(.+)$/s

/** Reads `name=url` or `url`, separated by white space; `#` at the beginning of a word comments out its line. */
export function parseMembers(
  text: string,
  { list, place }: { readonly list: string; readonly place: string },
): readonly Listed[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      wordsOf(line).map((word) => {
        const [, name, url = word] = named.exec(word) ?? []
        const where = `${place}, line ${index + 1}`
        return { member: name ?? nameFrom(parseDatabaseUrl(url, where)), url }
      }),
    )
    .map(({ member, url }) => ({ member, url: checkUrl(url, memberIn(list, member)) }))
}

const memberIn = (list: string, member: string) => `${list}/${member}`

function checkUrl(url: string, variable: string): string {
  parseDatabaseUrl(url, variable)
  return url
}

function wordsOf(line: string): readonly string[] {
  const words = line.split(/\s+/).filter((word) => word !== '')
  const comment = words.findIndex((word) => word.startsWith('#'))
  return comment === -1 ? words : words.slice(0, comment)
}

/** A member without a name is called as its database, and its PostgreSQL schema where that isn't `public`. */
const nameFrom = ({ database, schema }: DatabaseUrl): string =>
  schema === 'public' ? database : `${database}.${schema}`

const fitting = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u

/**
 * Refuses a list that can't be worked on as a whole: two members of one name, or two that are one database, would
 * be migrated at once by the same run.
 * @throws `list.malformed`, `list.duplicate-name`, `list.same-database`, `list.empty`
 */
export function checkMembers(
  members: readonly { readonly member: string; readonly connection: DatabaseUrl }[],
  { list, place, mayBeEmpty = false }: { list: string; place: string; mayBeEmpty?: boolean | undefined },
): void {
  if (members.length === 0 && !mayBeEmpty) throw listEmpty({ list, place })
  const names = new Set<string>()
  const databases = new Map<string, string>()
  for (const { member, connection } of members) {
    if (!fitting.test(member)) {
      throw listMalformed({ list, place, problem: `"${member}" is no name of letters, digits, _, . and -` })
    }
    if (names.has(member)) throw listDuplicateName({ list, place, member })
    names.add(member)
    const where = physical(connection)
    const twin = databases.get(where)
    if (twin !== undefined) throw listSameDatabase({ list, place, members: [twin, member] })
    databases.set(where, member)
  }
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** Where a history lives: one PostgreSQL schema of one database. */
const physical = (connection: DatabaseUrl): string => `${databaseOf(connection)}?${connection.schema}`

/** Which physical database a URL reaches, as far as the URL says it. */
export const databaseOf = ({ host, port, database }: DatabaseUrl): string =>
  `${loopback.has(host) ? 'localhost' : host.toLowerCase()}:${port}/${database}`

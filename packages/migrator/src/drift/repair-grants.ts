import type { DatabaseObject } from '../snapshot/object.ts'

/** `role PRIVILEGE [WITH GRANT OPTION]`, as the snapshot has them. */
const grantsOf = ({ definition: { grants } }: DatabaseObject): readonly string[] =>
  Array.isArray(grants) ? grants.map(String) : []

interface Grant {
  readonly role: string
  readonly privilege: string
  readonly option: string
}

/** A quoted role may hold spaces; a privilege holds none. */
function parse(text: string): Grant {
  const [, role = '', privilege = '', option = ''] = /^(.*) ([A-Z]+)( WITH GRANT OPTION)?$/.exec(text) ?? []
  return { role, privilege, option }
}

/** What the statements call a thing. */
function onWhat({ kind, name, parent, definition }: DatabaseObject): string {
  if (kind === 'column') return `TABLE ${parent}`
  if (kind === 'enum' || kind === 'domain' || kind === 'composite type') return `TYPE ${name}`
  if (kind === 'view') return `TABLE ${name}`
  if (kind === 'function' && definition.kind === 'procedure') return `PROCEDURE ${name}`
  return `${kind.toUpperCase()} ${name}`
}

const privilegeOf = ({ kind, name }: DatabaseObject, privilege: string): string =>
  kind === 'column' ? `${privilege} (${name})` : privilege

const grant = (object: DatabaseObject, text: string): string => {
  const { role, privilege, option } = parse(text)
  return `GRANT ${privilegeOf(object, privilege)} ON ${onWhat(object)} TO ${role}${option}`
}

export function changeGrants(object: DatabaseObject, live: DatabaseObject): readonly string[] {
  const [wanted, there] = [grantsOf(object), grantsOf(live)]
  const revokes = there
    .filter((text) => !wanted.includes(text))
    .map(parse)
    .map(
      ({ role, privilege }) => `REVOKE ${privilegeOf(object, privilege)} ON ${onWhat(object)} FROM ${role}`,
    )
  return [...revokes, ...wanted.filter((text) => !there.includes(text)).map((text) => grant(object, text))]
}

/** What everybody may do with new functions and types, unless it is taken from them. */
const open: ReadonlySet<string> = new Set(['function', 'enum', 'domain', 'composite type'])

/** The grants of something that has just been made. */
export function grantAll(object: DatabaseObject): readonly string[] {
  const grants = grantsOf(object)
  const isUsual = (text: string) => text === 'PUBLIC EXECUTE' || text === 'PUBLIC USAGE'
  if (!open.has(object.kind)) return grants.map((text) => grant(object, text))
  return grants.some(isUsual)
    ? grants.filter((text) => !isUsual(text)).map((text) => grant(object, text))
    : [`REVOKE ALL ON ${onWhat(object)} FROM PUBLIC`, ...grants.map((text) => grant(object, text))]
}

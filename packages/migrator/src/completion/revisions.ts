import { existsSync, readdirSync } from 'node:fs'
import type { Catalog, Database } from '../catalog/catalog.ts'
import { revisionId } from '../history/revision.ts'
import { type Candidate, withPrefix } from './candidate.ts'

/** Words that are revisions, by command; others take any. */
const anchors: Readonly<Record<string, readonly string[]>> = {
  upgrade: ['head', 'heads'],
  downgrade: ['base'],
  stamp: ['head', 'heads', 'base'],
  show: ['head', 'heads', 'current'],
  merge: ['heads'],
  data: [],
}

/** `005`, `head`, `auth@` and, once a database is named, `auth@001`. Only names of directories are read. */
export function revisionsFor(catalog: Catalog, command: string, typed: string): readonly Candidate[] {
  const words = (anchors[command] ?? ['head', 'heads', 'base', 'current']).map((value) => ({ value }))
  const [, named] = /^(.*)@/.exec(typed) ?? []
  if (named !== undefined) {
    // A member of a list has the list's history.
    const [entry] = named.split('/')
    const database = catalog.databases.find(({ name, label }) => name === entry || label === entry)
    return database ? withPrefix(`${named}@`, [...words, ...revisionsOf(database)]) : []
  }
  const databases = catalog.databases.map(({ name, label }) => ({ value: `${label}@`, description: name }))
  return [...words, ...databases, ...catalog.databases.flatMap(revisionsOf)]
}

/** The same for both ends of `A:B`. */
export function rangeFor(catalog: Catalog, command: string, typed: string): readonly Candidate[] {
  const before = typed.slice(0, typed.lastIndexOf(':') + 1)
  return withPrefix(before, revisionsFor(catalog, command, typed.slice(before.length)))
}

export function revisionsOf({ name, migrations }: Database): readonly Candidate[] {
  if (!existsSync(migrations)) return []
  return readdirSync(migrations, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((directory) => {
      const id = revisionId(directory)
      const title = directory.slice(id.length).replaceAll('_', ' ').trim()
      return { value: id, description: `${title} (${name})` }
    })
}

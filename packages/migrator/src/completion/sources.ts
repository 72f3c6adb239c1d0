import { readHeader } from '@manybase/schema-engine/script'
import { placeholdersOf } from '../authoring/templates/template.ts'
import { templates } from '../authoring/templates/templates.ts'
import { compressions } from '../backup/manifest.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { readHistory } from '../history/read.ts'
import { type Candidate, type Candidates, inList, withPrefix } from './candidate.ts'
import { rangeFor, revisionsFor, revisionsOf } from './revisions.ts'
import { shells } from './scripts/scripts.ts'

/** Where a word is completed. */
export interface Asked {
  readonly catalog: Catalog
  readonly command: string
  /** The words after the command; the last is the one at the cursor. */
  readonly words: readonly string[]
  /** Of the last word what belongs to the value. */
  readonly typed: string
}

/** What the commands do that do several things. */
const actions: Readonly<Record<string, readonly Candidate[]>> = {
  backup: [
    { value: 'list', description: 'the backups that there are' },
    { value: 'verify', description: 'whether its files are as they were written' },
  ],
  data: [
    { value: 'run', description: 'goes on with what is left' },
    { value: 'status', description: 'only looks' },
    { value: 'retry', description: 'begins one anew' },
  ],
}

/** What can stand for an argument or for the value of an option, by its name. No server is ever asked. */
export const sources: Readonly<Record<string, (asked: Asked) => Candidates>> = {
  '--only': ({ catalog, typed }) => inList(typed, databasesIn(catalog, typed.split(','))),
  '--config': () => 'files',
  '--log': () => 'files',
  '--out': () => 'files',
  '--backup': () => 'files',
  '--compress': () => compressions.map((value) => ({ value })),
  '--rev-range': ({ catalog, command, typed }) => rangeFor(catalog, command, typed),
  '--revises': ({ catalog, typed }) => inList(typed, catalog.databases.flatMap(revisionsOf)),
  '--depends-on': ({ catalog, command, typed }) => {
    const before = typed.slice(0, typed.lastIndexOf(',') + 1)
    return withPrefix(before, revisionsFor(catalog, command, typed.slice(before.length)))
  },
  '--template': () =>
    Object.entries(templates).map(([value, { summary }]) => ({ value, description: summary })),
  '--set': ({ words }) => {
    const template = templates[words[words.indexOf('--template') + 1] ?? '']
    return template ? placeholdersOf(template).map((name) => ({ value: `${name}=` })) : []
  },
  targets: ({ catalog, command, typed }) => rangeFor(catalog, command, typed),
  target: ({ catalog, command, typed }) => rangeFor(catalog, command, typed),
  revision: ({ catalog, command, typed }) => revisionsFor(catalog, command, typed),
  revisions: ({ catalog, command, typed }) => revisionsFor(catalog, command, typed),
  range: ({ catalog, command, typed }) => rangeFor(catalog, command, typed),
  table: ({ catalog }) => tablesIn(catalog),
  action: ({ command }) => actions[command] ?? [],
  directory: () => 'files',
  shell: () => Object.keys(shells).map((value) => ({ value })),
}

/** Labels first, since they are shorter; nothing that is `taken` by either name. */
function databasesIn({ databases }: Catalog, taken: readonly string[]): readonly Candidate[] {
  const others = databases.filter(
    ({ name, label }) => !taken.slice(0, -1).some((each) => [name, label].includes(each)),
  )
  return [
    ...others.map(({ name, label }) => ({ value: label, description: name })),
    ...others.flatMap(({ name, label }) => (name === label ? [] : [{ value: name }])),
  ]
}

/** What the headers say that the histories make. */
const tablesIn = ({ databases }: Catalog): readonly Candidate[] =>
  databases.flatMap((database) =>
    readHistory(database).revisions.flatMap(({ script }) =>
      readHeader(script).creates.map((value) => ({ value, description: database.name })),
    ),
  )

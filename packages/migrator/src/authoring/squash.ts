import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readHeader } from '@manybase/schema-engine/script'
import type { Target } from '../catalog/resolve.ts'
import { baseWord, formatRef, type History, type Revision } from '../history/revision.ts'
import type { RevisionNode } from '../plan/graph.ts'
import { parentsOf, reach } from '../plan/reach.ts'
import { replay, runInShadow } from '../shadow/replay.ts'
import { withShadow } from '../shadow/shadow.ts'
import { catalogDifferences, catalogSnapshot } from '../snapshot/catalog-snapshot.ts'
import { renderDifference } from './compare.ts'
import { squashRefused, squashUnproved } from './failures.ts'
import { renderHeader } from './header.ts'
import { slugOf } from './name.ts'
import type { NewRevision } from './write.ts'

/** One revision in the place of several. */
export interface Squash {
  readonly target: Target
  /** Oldest first. */
  readonly replaced: readonly Revision[]
  /** Has the id of the newest, so that what revises or needs it still does. */
  readonly revision: NewRevision & { readonly down: string }
}

/** The range as a straight line, oldest first. @throws `squash.refused` */
export function straightLine(newestFirst: readonly RevisionNode[]): readonly RevisionNode[] {
  const nodes = newestFirst.toReversed()
  const refuse = (problem: string) => squashRefused({ revisions: nodes.map(({ ref }) => ref), problem })
  if (nodes.length < 2) throw refuse('there must be at least two')
  if (new Set(nodes.map(({ revision }) => revision.database)).size > 1) {
    throw refuse('they belong to several databases')
  }
  for (const [index, node] of nodes.entries()) {
    const next = nodes[index + 1]
    const previous = nodes[index - 1]
    if (previous && (node.parents.length !== 1 || node.parents[0] !== previous)) {
      throw refuse(`${node.ref} doesn't follow ${previous.ref} alone`)
    }
    const hanging = next && node.neededBy.find((above) => above !== next && !nodes.includes(above))
    if (hanging) throw refuse(`${hanging.ref} needs ${node.ref}`)
  }
  return nodes
}

/** Puts the scripts of a range together. @throws `squash.refused`, `create.message` */
export function draftSquash(
  target: Target,
  { revisions }: History,
  range: readonly RevisionNode[],
  message?: string,
): Squash {
  const replaced = range.map(({ revision }) => revision)
  const refs = range.map(({ ref }) => ref)
  for (const revision of replaced) assertScriptsAlone(revision, refs)
  const first = replaced[0]?.id ?? ''
  const last = replaced.at(-1)?.id ?? ''
  const title = message ?? `squash ${first} to ${last}`
  const name = `${last}_${slugOf(title)}`
  const remaining = revisions.filter((revision) => !replaced.includes(revision))
  const before = remaining.filter((revision) => revision.name < name).at(-1)
  const parents = replaced[0]?.parents ?? []
  const headers = replaced.map(({ script }) => readHeader(script))
  const downs = replaced.map(({ path }) => readFileSync(join(path, 'down.sql'), 'utf8'))
  const isNone = headers.some(({ transaction }) => transaction === 'none')
  const header = renderHeader({
    title,
    revises: isObvious(parents, before?.id) ? [] : parents.length > 0 ? parents : [baseWord],
    dependsOn: dependenciesOf(replaced),
    transaction: isNone ? 'none' : undefined,
    creates: headers.flatMap(({ creates }) => creates),
    database: target.name,
  })
  const downIsNone = downs.some((down) => readHeader(down).transaction === 'none')
  const beginning = `-- Undoes ${name}.\n${downIsNone ? '-- transaction: none\n' : ''}`
  const parts = replaced.map((each) => section(each.name, each.script))
  const downParts = replaced.map((each, index) => section(each.name, downs[index] ?? '')).toReversed()
  return {
    target,
    replaced,
    revision: {
      database: target.name,
      migrations: target.migrations,
      name,
      up: `${header}\n${parts.join('\n')}`,
      down: `${beginning}\n${downParts.join('\n')}`,
    },
  }
}

/** Whether a header without `revises` says the same. */
const isObvious = (parents: readonly string[], before: string | undefined): boolean =>
  parents.length > 1 ? false : parents[0] === before

/** Anything else beside the scripts would be lost, or mean something else for the whole. */
function assertScriptsAlone({ path, name }: Revision, revisions: readonly string[]): void {
  if (!existsSync(join(path, 'down.sql')))
    throw squashRefused({ revisions, problem: `${name} has no down.sql` })
  const other = readdirSync(path).find((file) => file !== 'migration.sql' && file !== 'down.sql')
  if (other !== undefined) throw squashRefused({ revisions, problem: `${name} has ${other}` })
}

function dependenciesOf(replaced: readonly Revision[]): readonly string[] {
  const own = new Set(replaced.map(({ database, id }) => formatRef({ database, id })))
  return [...new Set(replaced.flatMap(({ dependsOn }) => dependsOn.map(formatRef)))].filter(
    (ref) => !own.has(ref),
  )
}

const entry = /^--\s*(revises|depends-on|transaction|creates|database)\s*:/i

/** A script under its former name, without the header's entries, and ended. */
function section(name: string, script: string): string {
  const lines = script.split('\n')
  const sql = lines.findIndex((line) => !/^\s*(--.*)?$/.test(line))
  const body = lines.filter((line, index) => (sql !== -1 && index >= sql) || !entry.test(line))
  const text = body.join('\n').trim()
  const end = text === '' || text.endsWith(';') ? '' : '\n;'
  return `-- From ${name}\n\n${text}${end}\n`
}

/**
 * Proves that a squash makes what its revisions make one by one, and leaves no trace on its way back.
 * @throws `squash.unproved`, `shadow.*`
 */
export async function proveSquash(squash: Squash, history: History, first: RevisionNode): Promise<void> {
  const { target, replaced, revision } = squash
  const ancestors = new Set([...reach(first.parents, parentsOf)].map((node) => node.revision))
  const before = history.revisions.filter((each) => ancestors.has(each))
  const expected = await withShadow(target, async (shadow) => {
    await replay(shadow, [...before, ...replaced])
    return await catalogSnapshot(shadow.session.client)
  })
  const remaining = await withShadow(target, async (shadow) => {
    await replay(shadow, before)
    const start = await catalogSnapshot(shadow.session.client)
    await runInShadow(shadow, revision.name, revision.up)
    const made = catalogDifferences(expected, await catalogSnapshot(shadow.session.client))
    await runInShadow(shadow, `down.sql of ${revision.name}`, revision.down)
    return [...made, ...catalogDifferences(start, await catalogSnapshot(shadow.session.client))]
  })
  if (remaining.length > 0) {
    throw squashUnproved({ database: target.name, remaining: remaining.map(renderDifference) })
  }
}

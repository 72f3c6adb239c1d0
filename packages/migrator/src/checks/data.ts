import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, isFailure } from '@manybase/failure'
import { dataFileOf } from '../data/files.ts'
import { openModule } from '../data/source-ts.ts'
import { readBatchStatement } from '../data/statement.ts'
import { optionsInvalid } from '../history/failures.ts'
import { readOptions } from '../history/options.ts'
import { formatRef, type History, type Revision } from '../history/revision.ts'
import { makeGraph, type RevisionNode } from '../plan/graph.ts'
import { everythingNeeded, reach } from '../plan/reach.ts'
import type { DataFileFinding } from './data-findings.ts'

/** Holds the data migrations of a history to what they must be, and `requiresData` to what there is. */
export async function verifyData(history: History): Promise<readonly DataFileFinding[]> {
  const files = await Promise.all(history.revisions.map(verifyFile))
  const { nodes } = makeGraph([history])
  return [...files.flat(), ...nodes.flatMap((node) => verifyRequired(node, nodes))]
}

async function verifyFile(revision: Revision): Promise<readonly DataFileFinding[]> {
  const { database, name } = revision
  try {
    const file = dataFileOf(revision)
    if (file === undefined) return []
    const path = join(revision.path, file)
    const at = { database, revision: name, path }
    const script = readFileSync(path, 'utf8')
    if (file === 'data.ts') {
      const step = { kind: 'data' as const, database, revision, needs: [] }
      await openModule({ step, file: path, script, options: {} })
      return []
    }
    const read = await readBatchStatement(script)
    if (read.kind === 'problem') return [{ kind: 'data-invalid', ...at, problem: read.problem }]
    const { endless } = read.statement
    return endless === undefined ? [] : [{ kind: 'data-endless', ...at, problem: endless }]
  } catch (error) {
    if (!isFailure(error)) throw error
    const problem = typeof error.meta.problem === 'string' ? error.meta.problem : error.what
    return [{ kind: 'data-invalid', database, revision: name, path: revision.path, problem }]
  }
}

function verifyRequired(node: RevisionNode, nodes: readonly RevisionNode[]): readonly DataFileFinding[] {
  const { revision } = node
  const needed = requiredBy(revision)
  if (needed.length === 0) return []
  const below = reach(node.needs, everythingNeeded)
  return needed.flatMap((needs) => {
    const problem = problemOf(
      nodes.find(({ ref }) => ref === formatRef({ database: revision.database, id: needs })),
      below,
    )
    if (problem === undefined) return []
    const { database, name, path } = revision
    return [{ kind: 'requires-data-wrong' as const, database, revision: name, path, needs, problem }]
  })
}

function problemOf(needed: RevisionNode | undefined, below: ReadonlySet<RevisionNode>): string | undefined {
  if (!needed) return 'there is no such revision in this history'
  if (!below.has(needed)) return 'that revision need not be applied before it'
  try {
    return dataFileOf(needed.revision) === undefined ? 'that revision has no data migration' : undefined
  } catch {
    // Having two is a finding of its own.
    return undefined
  }
}

/** Options that can't be read are a finding of their own. */
function requiredBy(revision: Revision): readonly string[] {
  try {
    return readOptions(revision).requiresData ?? []
  } catch (error) {
    if (errorCode(error) !== optionsInvalid.code) throw error
    return []
  }
}

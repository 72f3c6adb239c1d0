import { openEngine } from '@manybase/schema-engine'
import type { Catalog } from '../catalog/catalog.ts'
import type { Target } from '../catalog/resolve.ts'
import { readSchema } from '../catalog/schema-files.ts'
import { readHistory } from '../history/read.ts'
import type { History } from '../history/revision.ts'
import { planBlocked } from '../plan/failures.ts'
import { explainFinding, type Finding } from '../plan/findings.ts'
import { type DatabaseState, isAtHead } from '../plan/state.ts'
import { inspectStates } from '../workspace.ts'
import { assertGraph } from './check.ts'
import { type Draft, draftMigration } from './draft.ts'
import { databaseUnsaid, notUpToDate, renameUnknown } from './failures.ts'
import { renderHeader } from './header.ts'
import { nextId, slugOf } from './name.ts'
import { formatRename, type Rename } from './renames.ts'
import type { Template } from './templates/template.ts'
import { type NewRevision, writeRevisions } from './write.ts'

export interface CreateOptions {
  readonly message: string
  readonly description?: string | undefined
  /** Ids of the parents; the head when unset. */
  readonly revises: readonly string[]
  /** `id` or `database@id`. */
  readonly dependsOn: readonly string[]
  readonly renames: readonly Rename[]
  /** A script to begin with, instead of the difference. */
  readonly template?: Template | undefined
  readonly ask: (target: Target, rename: Rename) => Promise<boolean | undefined>
}

/** A revision that was written. */
export interface Created {
  readonly database: string
  readonly name: string
  readonly path: string
  readonly draft: Draft | undefined
  /** What the schema engine foresees on the rows of the database as it is now. */
  readonly losses: readonly string[]
}

/**
 * Writes a migration for each target whose history and schema differ; for none of them, when one can't be
 * made. Returns those that were written.
 * @throws `create.*`, `rename.unknown`, `shadow.*`, `engine.*`, `plan.*`
 */
export async function createMigrations(
  catalog: Catalog,
  targets: readonly Target[],
  options: CreateOptions,
): Promise<readonly Created[]> {
  const slug = slugOf(options.message)
  const databases = targets.map(({ name }) => name)
  if (options.template && databases.length > 1) throw databaseUnsaid({ databases })
  const states = await inspectStates(targets)
  assertAtHead(states)
  assertOneHead(states, options)
  const histories = catalog.databases.map(readHistory)
  const made: { revision: NewRevision; draft: Draft | undefined; losses: readonly string[] }[] = []
  const renamed = new Set<Rename>()
  const now = new Date()
  for (const target of targets) {
    const history = histories.find(({ database }) => database === target.name)
    if (!history) continue
    const draft = options.template ? undefined : await draftMigration(target, history, options)
    if (!options.template && !draft) continue
    for (const rename of draft?.renames ?? []) renamed.add(rename)
    const idAfter = (givenHere: number) =>
      nextId(catalog.revisions, histories, target.name, { now, givenOut: made.length, givenHere })
    const id = idAfter(0)
    const revision = write(
      target,
      `${id}_${slug}`,
      options,
      draft ?? { ...(options.template ?? nothing), creates: [] },
    )
    made.push({ revision, draft, losses: draft ? await foresee(target, history, draft) : [] })
    if (!options.template?.afterData) continue
    const second = writeAfterData(target, { id, idAfter: idAfter(1) }, options, options.template.afterData)
    made.push({ revision: second, draft: undefined, losses: [] })
  }
  const unused = options.renames.filter((rename) => !renamed.has(rename))
  if (unused.length > 0) throw renameUnknown({ renames: unused.map(formatRename) })
  const revisions = made.map(({ revision }) => revision)
  assertGraph(histories, revisions)
  const paths = writeRevisions(revisions)
  return made.map(({ revision: { database, name }, draft, losses }, index) => ({
    database,
    name,
    path: paths[index] ?? '',
    draft,
    losses,
  }))
}

const nothing = { up: '', down: '' }

type HeaderOptions = Pick<CreateOptions, 'message' | 'description' | 'revises' | 'dependsOn'> & {
  readonly transaction?: 'none' | undefined
}

type Scripts = Pick<Draft, 'up' | 'down' | 'creates'> & Pick<Template, 'data'>

/** The revision that waits for the data migration of the one before it. */
function writeAfterData(
  target: Target,
  { id, idAfter }: { readonly id: string; readonly idAfter: string },
  { message, revises }: CreateOptions,
  { title, transaction, up, down }: NonNullable<Template['afterData']>,
): NewRevision {
  const own = `${message}, ${title}`
  const options = { message: own, revises: revises.length > 0 ? [id] : [], dependsOn: [], transaction }
  const revision = write(target, `${idAfter}_${slugOf(own)}`, options, { up, down, creates: [] })
  return { ...revision, files: { 'options.json': `${JSON.stringify({ requiresData: [id] }, null, 2)}\n` } }
}

function write(
  { name: database, migrations }: Target,
  name: string,
  { message, description, revises, dependsOn, transaction }: HeaderOptions,
  { up, down, creates, data }: Scripts,
): NewRevision {
  const header = renderHeader({
    title: message,
    description,
    revises,
    dependsOn,
    transaction,
    creates,
    database,
  })
  return {
    database,
    migrations,
    name,
    up: `${header}${up && '\n'}${up}`,
    down: `-- Undoes ${name}.\n${down && '\n'}${down}`,
    ...(data !== undefined && { files: { 'data.sql': data } }),
  }
}

function assertAtHead(states: readonly DatabaseState[]): void {
  const behind = states.filter((state) => !isAtHead(state))
  if (behind.length === 0) return
  throw notUpToDate({
    databases: behind.map(({ database, pending }) => `${database} (${pending.length} pending)`),
    problems: behind.flatMap(({ findings }) => findings.map((finding) => explainFinding(finding).what)),
  })
}

function assertOneHead(states: readonly DatabaseState[], { revises }: CreateOptions): void {
  const forked = states.flatMap(({ database, heads }): Finding[] =>
    heads.length > 1 && revises.length === 0 ? [{ kind: 'multiple-heads', database, heads }] : [],
  )
  const [finding, ...others] = forked
  if (finding) throw planBlocked([finding, ...others])
}

/** What the engine says of the rows that are there; renames hide nothing from it, so what they keep is left out. */
async function foresee(
  target: Target,
  { revisions }: History,
  { renames }: Draft,
): Promise<readonly string[]> {
  await using engine = await openEngine({ url: target.connection.url })
  const { warnings, unexecutable } = await engine.evaluateDataLoss(
    revisions.map(({ name, script }) => ({ name, script })),
    readSchema(target),
  )
  return [...warnings, ...unexecutable]
    .map(({ message }) => message)
    .filter((message) => !renames.some((rename) => speaksOf(message, rename)))
}

/** The engine puts names between backquotes. */
const speaksOf = (message: string, rename: Rename): boolean =>
  rename.kind === 'table'
    ? message.includes(`\`${rename.from}\``)
    : [rename.from, rename.to].some((column) => message.includes(`\`${column}\``)) &&
      message.includes(`\`${rename.table}\``)

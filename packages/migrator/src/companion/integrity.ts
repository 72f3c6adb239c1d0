import type { PlacedReference } from '@manybase/app-validation'
import { referenceIntegrity } from '@manybase/app-validation/migrate'
import {
  databaseNotThere,
  declaredAmong,
  type LinkStatus,
  type LinkStatusOptions,
  notInstalled,
  outOfStep,
  pairsOf,
  readLinkStatus,
  rightsDiffer,
  type StatusFinding,
} from '@manybase/app-validation/status'
import type { CompanionStatement } from '../catalog/define.ts'
import type { Target } from '../catalog/resolve.ts'
import { entryOf } from '../catalog/target.ts'
import { answersOf, survey } from '../fleet/survey.ts'
import { spreadReferences } from '../integrity/spread.ts'
import { explainServerError } from '../server/explain.ts'
import { openSessions, type Session } from '../server/session.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { inspectState } from '../workspace.ts'
import { type Attachment, attachCompanion, placeOf } from './attachment.ts'
import { type CompanionState, inspectCompanion } from './inspect.ts'

/** A reference and whether all its triggers are there. */
export interface ReferenceState {
  /** `socrates_specs.public.projects.user_id` */
  readonly column: string
  /** `socrates_auth.public.users.id` */
  readonly target: string
  readonly onDelete: string
  readonly isInPlace: boolean
}

export interface IntegrityStatus {
  readonly references: readonly ReferenceState[]
  readonly links: readonly LinkStatus[]
  readonly findings: readonly StatusFinding[]
}

/**
 * Looks at everything that keeps references, in the selected databases; of pairs only at those of which both are
 * selected. Changes nothing.
 */
export async function readIntegrity(
  context: Context,
  { only, maxLag }: CommonOptions & { readonly maxLag: number },
): Promise<IntegrityStatus> {
  const catalog = { ...context.catalog, integrity: context.catalog.integrity ?? referenceIntegrity() }
  const targets = await findTargets(context, only)
  const attachment = await attachCompanion({ ...context, catalog }, targets)
  if (!attachment) throw new Error('a catalog with a companion attaches it')
  const states = answersOf(await survey(targets, inspectState))
  const companions = await inspectCompanion(attachment, targets, states)
  const declared = await declaredAmong(attachment.sites)
  const spread = spreadReferences(declared, targets, attachment.sites)
  const references = spread.map(({ own }) => own)
  const taking = new Set(declared.flatMap(({ database, target }) => [database, target.database]))
  const entries = new Map(targets.map((target) => [target.name, entryOf(target)]))
  const takesPart = (name: string) => taking.has(entries.get(name) ?? name)
  const installed = companions.filter(({ applied }) => applied.length > 0)
  const { roles } = catalog
  const swept = spread.map((reference) => reference.swept)
  const links = await readLinks(targets, swept, installed, { maxLag, roles })
  const missing = targets
    .map(({ name }) => name)
    .filter((name) => takesPart(name) && !companions.some(({ database }) => database === name))
  const unarranged = roles ? await readRightsFindings(targets, attachment, installed) : []
  const taken = targets.filter(({ name }) => takesPart(name))
  const findings = companions
    .filter(({ database }) => takesPart(database))
    .flatMap(({ database, applied, statements }) =>
      applied.length === 0
        ? [notInstalled(database)]
        : statements
            .filter((statement) => ownerOf(statement, database, taken) === database)
            .map(({ description }) => outOfStep(database, description)),
    )
  return {
    references: references.map((reference) => toState(reference, companions, missing)),
    links,
    findings: [
      ...missing.map(databaseNotThere),
      ...findings,
      ...unarranged,
      ...links.flatMap((link) => link.findings),
    ],
  }
}

/** Both its sides are there, as far as they were looked at, and nothing is to be done on its tables. */
function toState(
  reference: PlacedReference,
  companions: readonly CompanionState[],
  missing: readonly string[],
): ReferenceState {
  const { database, schema, table, column, target, onDelete } = reference
  const isSound = (name: string, quoted: string) => {
    const companion = companions.find((each) => each.database === name)
    if (!companion) return !missing.includes(name)
    return companion.applied.length > 0 && !companion.statements.some((each) => each.table === quoted)
  }
  return {
    column: `${database}.${schema}.${table}.${column}`,
    target: `${target.database}.${target.schema}.${target.table}.${target.column}`,
    onDelete,
    isInPlace:
      isSound(database, quote(schema, table)) && isSound(target.database, quote(target.schema, target.table)),
  }
}

/** Where the roles were never made, nobody relies on their rights. */
async function readRightsFindings(
  targets: readonly Target[],
  attachment: Attachment,
  installed: readonly CompanionState[],
): Promise<readonly StatusFinding[]> {
  const { findRightsToGive } = await import('../roles/settle.ts')
  const there = targets.filter(({ name }) => installed.some(({ database }) => database === name))
  const findings: StatusFinding[] = []
  for (const target of there) {
    const sessions = await openSessions([target], { create: false })
    try {
      const [statements = []] = await findRightsToGive(attachment, sessions)
      if (statements.length > 0) findings.push(rightsDiffer(target.name, statements))
    } finally {
      await Promise.all(sessions.map((session) => session.close()))
    }
  }
  return findings
}

/** Databases that lie in one PostgreSQL database see the same: the one that the table is of tells of it, and no other. */
function ownerOf({ table }: CompanionStatement, database: string, targets: readonly Target[]): string {
  const own = targets.find(({ name }) => name === database)
  const beside = targets.filter((target) => own && placeOf(target) === placeOf(own))
  const isItsTable = ({ connection }: Target) => table?.startsWith(`${quote(connection.schema)}.`)
  return (beside.find(isItsTable) ?? beside[0])?.name ?? database
}

const quote = (...names: readonly string[]): string =>
  names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')

async function readLinks(
  targets: readonly Target[],
  references: readonly PlacedReference[],
  installed: readonly CompanionState[],
  options: LinkStatusOptions,
): Promise<readonly LinkStatus[]> {
  const there = targets.filter(({ name }) => installed.some(({ database }) => database === name))
  const sessions = new Map<string, Session>()
  try {
    for (const target of there) {
      const [session] = await openSessions([target], { create: false })
      if (session) sessions.set(target.name, session)
    }
    const links: LinkStatus[] = []
    for (const pair of pairsOf(references)) {
      const [a, b] = [sessions.get(pair.source)?.client, sessions.get(pair.referencing)?.client]
      if (!a || !b) continue
      const reading = readLinkStatus({ a, b }, pair, references, options)
      links.push(
        await reading.catch((error) => {
          const target = there.find(({ name }) => name === pair.referencing)
          throw target ? explainServerError(error, target) : error
        }),
      )
    }
    return links
  } finally {
    await Promise.all([...sessions.values()].map((session) => session.close()))
  }
}

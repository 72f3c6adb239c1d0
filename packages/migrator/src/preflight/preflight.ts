import { errorCode } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { explainCheck } from '../checks/findings.ts'
import { verifyHistories } from '../checks/verify.ts'
import { type Job, prepareJobs } from '../execute/job.ts'
import { optionsInvalid } from '../history/failures.ts'
import { type Peers, toHead } from '../migrate.ts'
import { explainFinding } from '../plan/findings.ts'
import type { Plan } from '../plan/plan.ts'
import type { DatabaseState } from '../plan/state.ts'
import { inspectStates } from '../workspace.ts'
import { runChecks } from './check.ts'
import { judgeHistory } from './checks/history.ts'
import { checks } from './checks.ts'
import type { Facts, Limits } from './facts.ts'
import { type Backups, newestBackups } from './gather/backup.ts'
import { type Known, readFacts } from './gather/facts.ts'
import { type Reached, reach } from './reach.ts'
import type { Result } from './result.ts'
import { readScripts } from './scripts.ts'

export interface PreflightOptions extends Limits {
  /** Compares each database with its history, in a shadow database. */
  readonly drift: boolean
  readonly environment: string
  /** Undefined when nobody should look for one. */
  readonly backups?: Backups | undefined
  /** Names of all databases of the catalog. */
  readonly catalog: readonly string[]
  readonly peers: Peers
}

/**
 * Goes through the checklist of a deployment for each database. Nothing is changed; a database that doesn't
 * answer is a result, and keeps nobody from looking at the others.
 * @throws `history.*`
 */
export async function preflight(
  targets: readonly Target[],
  options: PreflightOptions,
): Promise<readonly Result[]> {
  const reached = await Promise.all(targets.map(reach))
  try {
    const known = await readKnown(reached, options)
    const facts = await Promise.all(
      reached.map(async ({ target, session }) => {
        const own = known.get(target.name)
        return session && own ? await readFacts(target, session, own, options) : undefined
      }),
    )
    const present = facts.filter((each) => each !== undefined)
    return reached.flatMap((each, index) => [
      { check: 'reachable', database: each.target.name, ...each.remark },
      ...judge(each, known.get(each.target.name), facts[index], present),
    ])
  } finally {
    await Promise.all(reached.map(({ session }) => session?.close()))
  }
}

function judge(
  { target, missing }: Reached,
  known: Known | undefined,
  facts: Facts | undefined,
  all: readonly Facts[],
): readonly Result[] {
  if (facts) {
    const otherMajors = all
      .filter(({ database }) => database !== target.name)
      .map(({ database, server }) => ({ database, major: server.version.major }))
    return runChecks(checks, { ...facts, server: { ...facts.server, otherMajors } })
  }
  if (!missing || !known) return []
  return judgeHistory(known).map((remark) => ({
    check: 'history',
    database: target.name,
    ...remark,
  }))
}

/** What would be applied, and what is wrong with it. */
async function readKnown(
  reached: readonly Reached[],
  { peers, catalog, environment, backups: kept }: PreflightOptions,
): Promise<ReadonlyMap<string, Known>> {
  const answering = reached.filter(({ session, missing }) => session || missing)
  const states = await inspectStates(answering.map(({ target }) => target))
  const plan = await toHead(peers, catalog)(states)
  const jobs = jobsOf(plan, states, environment)
  const verified = await verifyHistories(
    states.map((state) => ({ history: state.history, state })),
    [],
    catalog,
  )
  const backups = kept && newestBackups(kept, states, new Date())
  const known = states.map(async (state): Promise<[string, Known]> => {
    const { database } = state
    const own = jobs.filter(({ step }) => step.database === database)
    const pending = plan.kind === 'steps' ? own.map(({ step }) => step.revision.name) : []
    const found = verified.find((each) => each.database === database)?.findings ?? []
    const findings = [
      ...found
        .filter((each) => concernsPending(each, state))
        .map((each) => ({ kind: each.kind, ...explainCheck(each) })),
      ...blocking(plan, database),
    ]
    const backup = backups?.get(database)
    const statements = await readScripts(own)
    return [database, { pending, statements, findings: unique(findings), ...(backup && { backup }) }]
  })
  return new Map(await Promise.all(known))
}

/** Options that can't be used are a finding of the verification. */
function jobsOf(plan: Plan, states: readonly DatabaseState[], environment: string): readonly Job[] {
  if (plan.kind === 'blocked') return []
  try {
    return prepareJobs(plan.steps, states, environment)
  } catch (error) {
    if (errorCode(error) !== optionsInvalid.code) throw error
    return []
  }
}

/** Of what is applied already, nobody needs a way back or a better header for this deployment. */
const ofFiles = ['creates-wrong', 'down-missing', 'options-invalid', 'script-unreadable']

const concernsPending = (finding: { kind: string; revision?: string }, { pending }: DatabaseState): boolean =>
  !ofFiles.includes(finding.kind) || pending.some(({ name }) => name === finding.revision)

const blocking = (plan: Plan, database: string) =>
  plan.kind === 'steps'
    ? []
    : plan.findings
        .filter((finding) => !('database' in finding) || finding.database === database)
        .map((finding) => ({ kind: finding.kind, ...explainFinding(finding) }))

/** The plan and the verification may have found the same. */
const unique = <T extends { readonly what: string }>(list: readonly T[]): readonly T[] => [
  ...new Map(list.map((each) => [each.what, each])).values(),
]

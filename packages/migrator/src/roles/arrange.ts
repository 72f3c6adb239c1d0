import type { RoleNames } from '../catalog/define.ts'
import type { Target } from '../catalog/target.ts'
import { type Attachment, placeOf } from '../companion/attachment.ts'
import { openExisting, openSessions, type Session } from '../server/session.ts'
import { apply, type Inspection, inspect, statementsIn, stepsOf } from './apply.ts'
import { arrangements } from './arrangement.ts'
import { type Arrangement, namesIn } from './desired.ts'

/** How the roles of one PostgreSQL database differ from what the catalog says. */
export interface Finding {
  /** Its databases of the catalog. */
  readonly databases: readonly string[]
  readonly exists: boolean
  /** What it takes; what it took, where it was done. */
  readonly statements: readonly string[]
  /** What it takes and who asks may not do. */
  readonly beyond: readonly string[]
  /** Roles that can't log in. */
  readonly withoutLogin: readonly string[]
}

export interface ArrangeOptions {
  readonly names: RoleNames
  readonly attachment: Attachment | undefined
  /** `show` and `script` only look; a script is for somebody else, of whose rights nothing is known. */
  readonly mode: 'show' | 'script' | 'apply'
  /** Statements that let roles log in, once for each server. */
  readonly logins: readonly string[]
}

/** One database after the other, since what is done about roles in the first is done for its whole server. */
export async function arrange(
  targets: readonly Target[],
  options: ArrangeOptions,
): Promise<readonly Finding[]> {
  const arrangementOf = await arrangements(options.attachment)
  const done = new Map<string, Set<string>>()
  const findings: Finding[] = []
  for (const group of Map.groupBy(targets, placeOf).values()) {
    const [first] = group
    if (!first) continue
    const server = `${first.connection.host}:${first.connection.port}`
    const before = done.get(server) ?? new Set()
    done.set(server, before)
    findings.push(
      await withSession(group, options.mode === 'apply', async (session) =>
        session
          ? await arrangeOne(session, arrangementOf(session, options.names), options, before)
          : absent(group),
      ),
    )
  }
  return findings
}

const absent = (targets: readonly Target[]): Finding => ({
  databases: targets.map(({ name }) => name),
  exists: false,
  statements: [],
  beyond: [],
  withoutLogin: [],
})

/** @param before what is done about roles on that server by now */
async function arrangeOne(
  session: Session,
  arrangement: Arrangement,
  { mode, logins, attachment }: ArrangeOptions,
  before: Set<string>,
): Promise<Finding> {
  const inspection = await inspect(session, arrangement)
  const fresh = withoutThose(inspection, before)
  const newLogins = logins.filter((statement) => !before.has(statement))
  const steps = stepsOf(fresh, arrangement, newLogins, mode === 'script')
  if (mode === 'apply') await apply(session, steps, attachment)
  const after = mode === 'apply' ? (await inspect(session, arrangement)).facts : inspection.facts
  const { missing, memberships } = inspection.changes
  for (const statement of [...missing, ...memberships, ...logins]) before.add(statement)
  return {
    databases: session.targets.map(({ name }) => name),
    exists: true,
    statements: statementsIn(steps),
    beyond: inspection.changes.beyond,
    withoutLogin: namesIn(arrangement.names).filter(
      (name) => after.roles.find((role) => role.name === name)?.login !== true,
    ),
  }
}

function withoutThose({ facts, changes }: Inspection, before: ReadonlySet<string>): Inspection {
  const isNew = (statement: string) => !before.has(statement)
  const [missing, memberships] = [changes.missing.filter(isNew), changes.memberships.filter(isNew)]
  return { facts, changes: { ...changes, missing, memberships } }
}

/** Of several URLs that lead to one database the first is as good as another. */
async function withSession<T>(
  targets: readonly Target[],
  create: boolean,
  work: (session: Session | undefined) => Promise<T>,
): Promise<T> {
  const [first] = targets
  const { sessions } = first
    ? create
      ? { sessions: await openSessions([first], { create }) }
      : await openExisting([first])
    : { sessions: [] }
  const [session] = sessions
  try {
    return await work(session && { ...session, targets })
  } finally {
    await session?.close()
  }
}

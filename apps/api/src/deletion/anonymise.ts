import type { Prisma as Auth } from '@socrates/db-auth'
import { references, type Prisma as Specs } from '@socrates/db-specs'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { columnName } from './reference-name.ts'

type References = typeof references
type Reference = References[number]

/** What became of the rows of one column. */
export interface Cleared {
  readonly column: string
  readonly action: Reference['onDelete']
  readonly rows: number
}

/**
 * Does to what a user has made as a deletion would, column by column from the catalog of references, so that none is
 * forgotten; erases what the account says of a person, and ends every sign-in. Rows that are kept, such as invoices, name
 * the account as before.
 *
 * The account's row is locked meanwhile: writes that name it and are under way are waited for, and later ones find nobody
 * signed in. It may be called again after a failure.
 * @throws Refusal `deletion-restricted` for who owns a team
 */
export async function anonymise(
  { auth, specs }: Pick<Services, 'auth' | 'specs'>,
  id: string,
): Promise<{ readonly anonymisedAt: Date; readonly done: readonly Cleared[] }> {
  return await auth.$transaction(
    async (tx) => {
      const [user] = await tx.$queryRaw<{ email: string }[]>`
        SELECT email FROM users WHERE id = ${id}::uuid FOR UPDATE`
      if (!user) throw new Refusal('not-found', 'There is no such user (any more).')
      const done = await specs.$transaction((other) => clear(other, id, user.email), patience)
      const anonymisedAt = await erase(tx, id)
      return { anonymisedAt, done }
    },
    { ...patience, timeout: patience.timeout + 2_000 },
  )
}

const patience = { maxWait: 3_000, timeout: 10_000 }

async function clear(tx: Specs.TransactionClient, id: string, email: string): Promise<readonly Cleared[]> {
  const teams = await tx.team.count({ where: { ownerId: id } })
  if (teams > 0) {
    const restricting = [{ database: 'socrates_specs', reference: 'public.teams.owner_id', rows: teams }]
    throw new Refusal('deletion-restricted', 'A team has an owner: hand yours over first.', { restricting })
  }
  const done: Cleared[] = []
  for (const reference of references.filter(({ target }) => target.table === 'users')) {
    done.push({
      column: columnName(reference),
      action: reference.onDelete,
      rows: await apply(tx, reference, id),
    })
  }
  await tx.projectInvitation.deleteMany({ where: { email } })
  // The trail stays, and says what was done; from where is nobody's business any more.
  await tx.activityLog.updateMany({ where: { userId: id }, data: { ipAddress: null, userAgent: null } })
  return done
}

async function apply(
  tx: Specs.TransactionClient,
  { model, field, onDelete }: Reference,
  id: string,
): Promise<number> {
  const rows = rowsOf(tx, model)
  const where = { [field]: id }
  if (onDelete === 'Cascade') return (await rows.deleteMany({ where })).count
  if (onDelete === 'SetNull') return (await rows.updateMany({ where, data: { [field]: null } })).count
  return 0
}

/** What every model can do, as far as it is needed here. */
interface Rows {
  deleteMany(request: object): Promise<{ count: number }>
  updateMany(request: object): Promise<{ count: number }>
}

/** Prisma's name of a model, on its client: the same with a small letter. */
function rowsOf(tx: Specs.TransactionClient, model: string): Rows {
  const rows: unknown = Reflect.get(tx, `${model.charAt(0).toLowerCase()}${model.slice(1)}`)
  if (!isRows(rows)) throw new TypeError(`the client has no model ${model}`)
  return rows
}

const isRows = (value: unknown): value is Rows =>
  typeof value === 'object' && value !== null && 'deleteMany' in value && 'updateMany' in value

async function erase(tx: Auth.TransactionClient, id: string): Promise<Date> {
  const anonymisedAt = new Date()
  await tx.refreshToken.deleteMany({ where: { userId: id } })
  await tx.adminUser.updateMany({
    where: { userId: id, status: { not: 'revoked' } },
    data: { status: 'revoked', revokedAt: anonymisedAt },
  })
  await tx.user.update({
    where: { id },
    data: {
      email: `${id}@anonymised.invalid`,
      username: `anonymised-${id}`,
      name: 'Anonymised',
      surname: 'User',
      hashedPassword: 'none',
      status: 'deactivated',
      locale: 'en',
      timezone: 'UTC',
      failedLoginAttempts: 0,
      lockedUntil: null,
      lastLoginAt: null,
      emailVerifiedAt: null,
      metadata: {},
      anonymizedAt: anonymisedAt,
    },
    select: { id: true },
  })
  return anonymisedAt
}

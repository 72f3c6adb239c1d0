import type { AuthClient } from '@socrates/db-auth'
import * as z from 'zod'

/** Who somebody is, to those who share something with him. */
export const Names = z
  .object({ username: z.string(), name: z.string(), surname: z.string() })
  .meta({ id: 'Names' })

export type Names = z.output<typeof Names>

/** Names of users by their ids, in one query; who has been deleted is missing. */
export async function findNames(
  auth: Pick<AuthClient, 'user'>,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, Names>> {
  const known = [...new Set(ids)].filter((id) => id !== null)
  if (known.length === 0) return new Map()
  const users = await auth.user.findMany({
    where: { id: { in: known } },
    select: { id: true, username: true, name: true, surname: true },
  })
  return new Map(users.map(({ id, ...names }) => [id, names]))
}

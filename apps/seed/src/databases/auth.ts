import { adminAuditLogs, makeAdminAuditLogs } from '../tables/admin-audit-logs.ts'
import { adminRoles, makeAdminRoles } from '../tables/admin-roles.ts'
import { adminUsers, makeAdminUsers } from '../tables/admin-users.ts'
import { makeRefreshTokens, refreshTokens } from '../tables/refresh-tokens.ts'
import { makeUser, users } from '../tables/users.ts'
import { personAt } from '../world/person.ts'
import { streamOf } from '../world/world.ts'
import type { Made, Put, SeededDatabase } from './database.ts'

export const auth: SeededDatabase = {
  name: 'socrates_auth',
  tables: [users, refreshTokens, adminRoles, adminUsers, adminAuditLogs],
  makeBlock,
}

function makeBlock({ settings, phrases, hashes }: Made, first: number, end: number, put: Put): void {
  const roles = makeAdminRoles(settings)
  const founder = personAt(settings, phrases, 0)
  if (first === 0) put(adminRoles, roles)
  for (let index = first; index < end; index++) {
    const person = personAt(settings, phrases, index)
    const random = streamOf(settings, 'account', index)
    const assignments = makeAdminUsers(random, person, founder, roles)
    put(users, [makeUser(random, person, hashes, settings)])
    put(refreshTokens, makeRefreshTokens(random, phrases, person))
    put(adminUsers, assignments)
    for (const assignment of assignments) {
      put(adminAuditLogs, makeAdminAuditLogs(random, phrases, person, assignment))
    }
  }
}

import type { FastifyRequest } from 'fastify'
import { assignmentsOf } from '../access/facts.ts'
import { assignmentOf } from '../access/hooks.ts'
import { isRefusal, Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { deleteUser } from './delete-user.ts'

/**
 * Deletes somebody else's account under an administrator's assignment, and writes into the trail what came of it.
 * Whoever holds an admin role himself is spared: that role is taken from him first.
 * @throws as `deleteUser`, and Refusal `forbidden`
 */
export async function deleteAsAdministrator(
  services: Pick<Services, 'auth' | 'keepers'>,
  request: FastifyRequest,
  targetId: string,
): Promise<void> {
  const { auth } = services
  const note = async (outcome: 'succeeded' | 'denied' | 'failed', reason: string | null) => {
    const entry = { action: 'user.delete', targetType: 'user', targetId, outcome, reason } as const
    const from = { ipAddress: request.ip, userAgent: request.headers['user-agent']?.slice(0, 512) ?? null }
    const adminUserId = assignmentOf(request)
    await auth.adminAuditLog.create({ data: { ...entry, ...from, adminUserId, requestId: request.id } })
  }
  try {
    if ((await auth.adminUser.count({ where: assignmentsOf(targetId) })) > 0)
      throw new Refusal('forbidden', 'An administrator’s account: take the role back first.')
    await deleteUser(services, targetId)
  } catch (error) {
    await note(isRefusal(error) ? 'denied' : 'failed', isRefusal(error) ? error.kind : null)
    throw error
  }
  await note('succeeded', null)
}

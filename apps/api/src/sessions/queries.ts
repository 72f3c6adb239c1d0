import type { Prisma, SpecsClient } from '@socrates/db-specs'
import type { Caller } from '../access/access.ts'
import { Refusal } from '../problems/problem.ts'

type Transaction = Prisma.TransactionClient

/** Runs some work on a conversation that is locked meanwhile, so that messages follow each other in one order. */
export async function inSession<T>(
  specs: Pick<SpecsClient, '$transaction'>,
  { projectId, sessionId }: { readonly projectId: string; readonly sessionId: string },
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return await specs.$transaction(async (tx) => {
    const [session] = await tx.$queryRaw<{ status: string }[]>`
      SELECT status::text AS status FROM sessions
       WHERE id = ${sessionId}::uuid AND project_id = ${projectId}::uuid FOR UPDATE`
    if (!session) throw new Refusal('not-found', 'There is no such session in this project.')
    if (session.status !== 'active') throw new Refusal('conflict', `The session is ${session.status}.`)
    return await work(tx)
  })
}

/** @throws P2025 where the project has no such conversation: a list of nothing would say that it is empty */
export async function checkSession(
  specs: Pick<SpecsClient, 'session'>,
  { projectId, sessionId: id }: { readonly projectId: string; readonly sessionId: string },
): Promise<void> {
  await specs.session.findFirstOrThrow({ where: { id, projectId }, select: { id: true } })
}

export interface NewMessage {
  readonly sessionId: string
  readonly questionId?: string
  readonly role: 'user' | 'assistant'
  readonly content: string
  readonly author?: Caller
}

/** Appends to a conversation that is locked. */
export async function say(
  tx: Transaction,
  { author, ...message }: NewMessage,
): Promise<Prisma.ConversationHistoryModel> {
  const { sessionId } = message
  const last = await tx.conversationHistory.aggregate({ where: { sessionId }, _max: { ordinal: true } })
  const ordinal = (last._max.ordinal ?? 0) + 1
  const said = await tx.conversationHistory.create({
    data: { ...message, ordinal, userId: author?.userId ?? null },
  })
  await tx.session.update({
    where: { id: sessionId },
    data: { lastMessageAt: new Date() },
    select: { id: true },
  })
  return said
}

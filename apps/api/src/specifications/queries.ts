import type { Prisma, SpecsClient } from '@socrates/db-specs'
import type * as z from 'zod'
import { Refusal } from '../problems/problem.ts'
import type { NewSpecification, Specification, SpecificationChange } from './schemas.ts'

type Row = Prisma.SpecificationModel

/** A row as it goes out. */
export const present = ({ confidence, ...row }: Row): z.output<typeof Specification> => ({
  ...row,
  confidence: confidence.toNumber(),
})

/**
 * Writes a specification. Where there is one of the same name, the new one is its next version and takes its place; of two
 * writers at once one gets 409, and may try again.
 */
export async function specify(
  specs: Pick<SpecsClient, '$transaction'>,
  projectId: string,
  { category, key, value }: z.output<typeof NewSpecification>,
): Promise<Row> {
  return await specs.$transaction(async (tx) => {
    const before = await tx.specification.findFirst({
      where: { projectId, category, key },
      orderBy: { version: 'desc' },
      select: { version: true },
    })
    const data = {
      projectId,
      category,
      key,
      value,
      version: (before?.version ?? 0) + 1,
      source: 'user_input',
    } as const
    const written = await tx.specification.create({ data })
    await tx.specification.updateMany({
      where: { projectId, category, key, id: { not: written.id }, status: { in: ['draft', 'confirmed'] } },
      data: { status: 'superseded', supersededById: written.id },
    })
    return written
  })
}

/** Changes, confirms or rejects a draft. @throws Refusal for what is none any more */
export async function revise(
  specs: Pick<SpecsClient, 'specification'>,
  { projectId, specificationId: id }: { readonly projectId: string; readonly specificationId: string },
  change: z.output<typeof SpecificationChange>,
  userId: string,
): Promise<Row> {
  const confirmed = change.status === 'confirmed' ? { confirmedBy: userId, confirmedAt: new Date() } : {}
  const draft = { id, projectId, status: 'draft' } as const
  const [revised] = await specs.specification.updateManyAndReturn({
    where: draft,
    data: { ...change, ...confirmed },
  })
  if (revised) return revised
  const { status } = await specs.specification.findFirstOrThrow({ where: { id, projectId } })
  throw new Refusal('conflict', `It is ${status}, and no draft any more: write the next version.`)
}

import type { SpecsClient } from '@socrates/db-specs'
import type { Row } from '../place/tables.ts'
import type { forms } from './messages.ts'

/** Writes projects as an application does, each form another way through the client; some take one row alone. */
export async function writeProjects(
  specs: SpecsClient,
  form: (typeof forms)[number],
  rows: readonly Row[],
): Promise<void> {
  const data = rows.map(({ id, values: [userId] }) => ({ id, userId: userId ?? '', name: 'attacked' }))
  const [first] = data
  if (!first) return
  const { id, userId } = first
  switch (form) {
    case 'create':
      await specs.project.create({ data: first })
      return
    case 'createMany':
      await specs.project.createMany({ data })
      return
    case 'nested':
      await specs.project.create({
        data: { ...first, sessions: { create: data.map((each) => ({ userId: each.userId })) } },
      })
      return
    case 'upsert':
      await specs.project.upsert({ where: { id }, create: first, update: { userId } })
      return
    case 'update':
      await specs.project.update({ where: { id }, data: { userId } })
      return
    case 'batch':
      await specs.$transaction(data.map((project) => specs.project.create({ data: project })))
      return
    case 'transaction':
      await specs.$transaction(
        async (tx) => {
          for (const project of data) await tx.project.create({ data: project })
        },
        { timeout: 10_000, maxWait: 10_000 },
      )
      return
  }
}

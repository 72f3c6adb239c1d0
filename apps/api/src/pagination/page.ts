import * as z from 'zod'
import { Id } from '../openapi/text.ts'
import { Refusal } from '../problems/problem.ts'

/** What every list takes: pick up where the last page ended, by the id of its last element. */
export const PageQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(25)
    .meta({ description: 'Elements of a page at most' }),
  after: Id.optional().meta({ description: '`next` of the page before', format: 'uuid' }),
})

export type PageQuery = z.output<typeof PageQuery>

export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    next: Id.nullable().meta({ description: 'For `after`; null at the end' }),
  })

interface Row {
  readonly id: string
}

/** What Prisma is asked for one page; newest first, and by id where times are equal. */
export interface PageArguments {
  readonly take: number
  readonly cursor?: { readonly id: string }
}

/**
 * One page, and whether there are more. Rows that come or go in between move no page.
 * @param find rows in one lasting order from the cursor on, itself included
 * @param isThere whether the cursor's row is among those that the caller may see: a filter may have taken it out since
 * @throws Refusal `page-gone`, which a list says in its `alsoRefuses`
 */
export async function readPage<R extends Row>(
  { limit, after }: PageQuery,
  find: (page: PageArguments) => PromiseLike<readonly R[]>,
  isThere: (id: string) => PromiseLike<unknown>,
): Promise<{ items: R[]; next: string | null }> {
  if (after !== undefined && !(await isThere(after))) {
    const errors = [{ path: '/after', message: 'Names nothing in this list (any more)' }]
    throw new Refusal('page-gone', 'Begin again without `after`.', { errors })
  }
  const found = await find({ take: limit + 2, ...(after !== undefined && { cursor: { id: after } }) })
  const rows = found.filter(({ id }) => id !== after)
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

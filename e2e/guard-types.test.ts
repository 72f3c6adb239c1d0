import { expect, test } from '@jest/globals'
import { type GuardMethods, guardReferences } from '@manybase/app-validation/guard'
import { type AuthClient, createAuthClient } from '@socrates/db-auth'
import { createSpecsClient, ProjectStatus, type references, type SpecsClient } from '@socrates/db-specs'

// These hold when the file compiles: `pnpm types` is what tries them.
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <T extends true>(held: T): T => held

const url = 'postgresql://nobody@127.0.0.1:1/nowhere'
const auth: AuthClient = createAuthClient({ url })
const plain: SpecsClient = createSpecsClient({ url })
const guarded = guardReferences(plain, { auth })

/** Never called: what it says is said to the compiler. */
async function inTypes() {
  const asPlain: SpecsClient = guarded
  const project = await guarded.project.create({
    data: { userId: 'x', name: 'y', status: ProjectStatus.active },
    select: { id: true, sessions: { select: { mode: true } } },
  })
  const samePlain = await plain.project.create({
    data: { userId: 'x', name: 'y', status: ProjectStatus.active },
    select: { id: true, sessions: { select: { mode: true } } },
  })
  holds<Equal<typeof project, typeof samePlain>>(true)
  // @ts-expect-error a value of another type
  await guarded.project.create({ data: { userId: 'x', name: 5 } })
  // @ts-expect-error a required reference
  await guarded.project.create({ data: { name: 'y' } })
  const [count, rows] = await guarded.$transaction([guarded.project.count(), guarded.team.findMany()])
  holds<Equal<typeof count, number>>(true)
  const made = await guarded.$transaction(async (tx) => {
    return tx.session.findFirstOrThrow({ select: { userId: true } })
  })
  holds<Equal<typeof made, { userId: string }>>(true)
  const counted = await guarded.$guard({ mode: 'off' }, () => guarded.project.count())
  holds<Equal<typeof counted, number>>(true)
  // @ts-expect-error no such mode
  await guarded.$guard({ mode: 'on' }, () => guarded.project.count())
  return [asPlain, rows]
}

test('the guarded client has the types of the client, and $guard', () => {
  holds<Equal<typeof guarded, SpecsClient & GuardMethods>>(true)
  holds<Equal<(typeof references)[0]['table'], 'projects'>>(true)
  holds<Equal<(typeof references)['length'], 23>>(true)
  expect(typeof inTypes).toBe('function')
  expect(typeof guarded.$guard).toBe('function')
  expect(typeof guarded.$on).toBe('function')
})

import { guardReferences } from '@manybase/app-validation/guard'
import { createAuthClient } from '@socrates/db-auth'
import { createSpecsClient } from '@socrates/db-specs'

const auth = createAuthClient()
const specs = guardReferences(createSpecsClient(), { auth })

// Who has most projects: counted in one database, called by name in the other.
const busiest = await specs.project.groupBy({
  by: ['userId'],
  _count: true,
  orderBy: [{ _count: { userId: 'desc' } }, { userId: 'asc' }],
  take: 3,
})
const owners = await auth.user.findMany({ where: { id: { in: busiest.map(({ userId }) => userId) } } })
const names = new Map(owners.map(({ id, name, surname }) => [id, `${name} ${surname}`]))
for (const { userId, _count } of busiest) console.log(`${_count} projects of ${names.get(userId)}`)

await Promise.all([auth.$disconnect(), specs.$disconnect()])

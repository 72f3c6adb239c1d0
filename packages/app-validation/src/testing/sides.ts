import { captureFunctions } from '../capture/functions.ts'
import { targetsIn } from '../capture/target.ts'
import { captureTriggers } from '../capture/triggers.ts'
import { fenceFunction, fenceTriggers } from '../fence/fence.ts'
import type { Relation } from '../install/relation.ts'
import { createFunction, createTrigger } from '../install/trigger.ts'
import type { PlacedReference } from '../references/placed.ts'

/** `projects.user_id` of the database `specs`, which refers to `users.id` of the database `auth`. */
export const projectsToUsers: PlacedReference = {
  database: 'specs',
  schema: 'public',
  table: 'projects',
  column: 'user_id',
  model: 'Project',
  field: 'userId',
  target: { database: 'auth', schema: 'public', table: 'users', column: 'id' },
  onDelete: 'Cascade',
  required: true,
  type: 'uuid',
}

export const plainTable = (name: string): Relation => ({
  schema: 'public',
  name,
  kind: 'table',
  isPartition: false,
})

export const partitionedTable = (name: string): Relation => ({
  ...plainTable(name),
  kind: 'partitioned table',
})

/** What guards the referenced side, as one script. */
export function captureScript(
  references: readonly PlacedReference[],
  relations: readonly Relation[],
): string {
  const targets = targetsIn('auth', references)
  return [
    ...targets.flatMap(captureFunctions).map(createFunction),
    ...targets
      .flatMap((target) => relations.flatMap((relation) => captureTriggers(target, relation)))
      .map(createTrigger),
  ].join('\n')
}

/** What guards the referencing side, as one script. */
export function fenceScript(reference: PlacedReference, relations: readonly Relation[]): string {
  const triggers = relations.flatMap((relation) => fenceTriggers(reference, relation))
  return [createFunction(fenceFunction(reference)), ...triggers.map(createTrigger)].join('\n')
}

import { captureFunctions } from '../capture/functions.ts'
import { targetsIn } from '../capture/target.ts'
import { captureTriggers } from '../capture/triggers.ts'
import { fenceFunction, fenceTriggers } from '../fence/fence.ts'
import type { PlacedReference } from '../references/placed.ts'
import type { FoundTable } from './found.ts'
import type { Relation } from './relation.ts'
import type { RelationName, Trigger, TriggerFunction } from './trigger.ts'

/** What should be there, beside the histories. */
export interface Desired {
  readonly functions: readonly TriggerFunction[]
  readonly triggers: readonly Trigger[]
}

/** The tables of a database that the references make take part. */
export function tablesOf(database: string, references: readonly PlacedReference[]): readonly RelationName[] {
  const tables = [
    ...targetsIn(database, references),
    ...references.filter((reference) => reference.database === database),
  ].map(({ schema, table }) => ({ schema, name: table }))
  return [...new Map(tables.map((table) => [`${table.schema}.${table.name}`, table])).values()]
}

/** What should be there in one database, on those of the tables that exist already. */
export function desiredIn(
  database: string,
  references: readonly PlacedReference[],
  tables: readonly FoundTable[],
): Desired {
  const relationsOf = (column: { schema: string; table: string; column: string }): readonly Relation[] =>
    tables.find(
      ({ schema, name, columns }) =>
        schema === column.schema && name === column.table && columns.includes(column.column),
    )?.relations ?? []
  const targets = targetsIn(database, references).map((target) => ({
    relations: relationsOf(target),
    functions: captureFunctions(target),
    triggersOn: (relation: Relation) => captureTriggers(target, relation),
  }))
  const fences = references
    .filter((reference) => reference.database === database)
    .map((reference) => ({
      relations: relationsOf(reference),
      functions: [fenceFunction(reference)],
      triggersOn: (relation: Relation) => fenceTriggers(reference, relation),
    }))
  const parts = [...targets, ...fences].filter(({ relations }) => relations.length > 0)
  return {
    functions: parts.flatMap(({ functions }) => functions),
    triggers: parts.flatMap(({ relations, triggersOn }) => relations.flatMap(triggersOn)),
  }
}

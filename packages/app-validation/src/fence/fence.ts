import type { Relation } from '../install/relation.ts'
import { identifier, literal } from '../install/sql.ts'
import type { Trigger, TriggerFunction } from '../install/trigger.ts'
import { constraintName } from '../references/constraint-name.ts'
import { fitIdentifier } from '../references/identifier.ts'
import { type PlacedReference, targetName } from '../references/placed.ts'

/**
 * The fence before one referencing column: its function, which refuses values that have a tombstone, and lets
 * those retry that a RESTRICT reference names while their deletion is being decided.
 */
export function fenceFunction(reference: PlacedReference): TriggerFunction {
  const lookups = reference.onDelete === 'Restrict' ? [tombstones, reservations] : [tombstones]
  const body = `
DECLARE
  refused text;
BEGIN
${lookups.map((lookup) => lookUp(reference, lookup)).join('\n')}
  RETURN NULL;
END
`
  return { name: functionName(reference), body }
}

/**
 * The triggers of the fence on one of the tables that the column's rows lie in. Those for each row are cloned
 * to every partition, also to one that is made later, and see the rows that an UPDATE moves between partitions;
 * a plain table has the cheaper one for each statement on INSERT. `UPDATE OF` would miss what a BEFORE trigger
 * changes.
 */
export function fenceTriggers(reference: PlacedReference, relation: Relation): readonly Trigger[] {
  if (relation.isPartition) return []
  const { column } = reference
  const trigger = { relation, column, timing: 'AFTER', call: functionName(reference) } as const
  const insert =
    relation.kind === 'partitioned table'
      ? ({ level: 'ROW', when: { column, is: ['set'] } } as const)
      : ({ level: 'STATEMENT', newTable: 'inserted' } as const)
  return [
    { ...trigger, ...insert, event: 'INSERT', name: triggerName(reference, 'insert') },
    {
      ...trigger,
      event: 'UPDATE',
      level: 'ROW',
      when: { column, is: ['set', 'changed'] },
      name: triggerName(reference, 'update'),
    },
  ]
}

interface Lookup {
  readonly table: string
  readonly refuse: string
}

const tombstones: Lookup = { table: 'integrity.tombstone', refuse: 'integrity.refuse_write' }
const reservations: Lookup = { table: 'integrity.reservation', refuse: 'integrity.refuse_reserved' }

/** One probe of the primary key for each row; OFFSET 0 keeps the planner from another way. */
function lookUp(reference: PlacedReference, { table, refuse }: Lookup): string {
  const column = identifier(reference.column)
  const { target } = reference
  const probe = (value: string, into = '') =>
    `SELECT t.id${into} FROM ${table} t
      WHERE t.source = ${literal(target.database)} AND t.target = ${literal(targetName(target))} AND t.id = ${value}::text`
  const names = [reference.column, constraintName(reference), target.database, target.table].map(literal)
  return `
  IF TG_LEVEL = 'STATEMENT' THEN
    SELECT found.id INTO refused FROM inserted i CROSS JOIN LATERAL (${probe(`i.${column}`)} OFFSET 0) found LIMIT 1;
  ELSE
    ${probe(`NEW.${column}`, ' INTO refused')};
  END IF;
  IF refused IS NOT NULL THEN
    PERFORM ${refuse}(TG_TABLE_SCHEMA, TG_TABLE_NAME, ${names.join(', ')}, refused);
  END IF;`
}

const functionName = ({ schema, table, column }: PlacedReference): string =>
  fitIdentifier(`fence ${schema}.${table}.${column}`)

const triggerName = ({ column }: PlacedReference, event: string): string =>
  fitIdentifier(`integrity_fence_${event}_${column}`)

import type { PlacedReference } from '../references/placed.ts'
import { desiredIn, tablesOf } from './desired.ts'
import { inTheWay } from './in-the-way.ts'
import type { Relation } from './relation.ts'
import { literal } from './sql.ts'
import {
  createFunction,
  createTrigger,
  dropTrigger,
  type RelationName,
  relationName,
  type Trigger,
} from './trigger.ts'

/** What a script for psql says, which is written without looking at the database. */
export interface Offline {
  /** Once in a session: the functions, and a procedure that makes the triggers which are missing. */
  readonly prepare: string
  /** Before a migration, in its transaction: what could keep it from changing columns stands aside. */
  before(script: string): string
  /** After it, in the same transaction. */
  readonly after: string
}

/**
 * Writes capture and fence of one database for psql. Tables may exist or not; of one that others inherit from, or
 * that is partitioned, it takes care itself, and the next migration with a connection of the rest.
 */
export function writeOffline(name: string, references: readonly PlacedReference[]): Offline {
  const plain = assume(name, references, 'table')
  const partitioned = assume(name, references, 'partitioned table')
  const body =
    plain.triggers.length === 0
      ? '  NULL;'
      : groups(plain.triggers)
          .map((table) => complete(table, plain.triggers, partitioned.triggers))
          .join('\n')
  return {
    prepare: [
      ...plain.functions.map(createFunction),
      `CREATE OR REPLACE PROCEDURE pg_temp.complete_integrity() LANGUAGE plpgsql AS ${literal(`BEGIN\n${body}\nEND`)};`,
    ].join('\n'),
    before: (script) => {
      const aside = inTheWay(plain, script, { all: false }).map(({ trigger }) =>
        ifThere(trigger, dropTrigger(trigger)),
      )
      return aside.length === 0 ? '' : `DO ${literal(`BEGIN\n${aside.join('\n')}\nEND`)};`
    },
    after: 'CALL pg_temp.complete_integrity();',
  }
}

/** What should be there if all tables were, and were of that kind. */
function assume(name: string, references: readonly PlacedReference[], kind: Relation['kind']) {
  const columns = [...references, ...references.map(({ target }) => target)].map(({ column }) => column)
  const tables = tablesOf(name, references).map((table) => ({
    ...table,
    columns,
    relations: [{ ...table, kind, isPartition: false }],
  }))
  return desiredIn(name, references, tables)
}

const isOn =
  ({ schema, name }: RelationName) =>
  ({ relation }: Trigger): boolean =>
    relation.schema === schema && relation.name === name

const groups = (triggers: readonly Trigger[]): readonly RelationName[] => [
  ...new Map(triggers.map(({ relation }) => [relationName(relation), relation])).values(),
]

function complete(table: RelationName, plain: readonly Trigger[], partitioned: readonly Trigger[]): string {
  const make = (triggers: readonly Trigger[]) =>
    triggers
      .filter(isOn(table))
      .map((trigger) => ifMissing(trigger))
      .join('\n')
  const oid = `to_regclass(${literal(relationName(table))})`
  return `  IF (SELECT relkind FROM pg_class WHERE oid = ${oid}) = 'p' THEN
${make(partitioned)}
  ELSIF ${oid} IS NOT NULL THEN
${make(plain)}
  END IF;`
}

const ifThere = (trigger: Pick<Trigger, 'name' | 'relation'>, sql: string): string =>
  `    IF ${isThere(trigger)} THEN ${sql} END IF;`

const ifMissing = (
  trigger: Trigger,
): string => `    IF ${columnExists(trigger)} AND NOT ${isThere(trigger)} THEN
      ${createTrigger(trigger).replaceAll('\n', '\n      ')}
    END IF;`

const isThere = ({ name, relation }: Pick<Trigger, 'name' | 'relation'>): string =>
  `EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(${literal(relationName(relation))}) AND tgname = ${literal(name)})`

const columnExists = ({ relation, column }: Trigger): string =>
  `EXISTS (SELECT FROM pg_attribute WHERE attrelid = ${literal(relationName(relation))}::regclass AND attname = ${literal(column)} AND NOT attisdropped)`

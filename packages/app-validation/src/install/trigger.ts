import { identifier, literal } from './sql.ts'

/** The PostgreSQL schema of everything that integrity keeps in a database. */
export const integritySchema = 'integrity'

/** A trigger function of the schema `integrity`, in PL/pgSQL. */
export interface TriggerFunction {
  readonly name: string
  readonly body: string
}

export interface RelationName {
  readonly schema: string
  readonly name: string
}

/** Which rows a trigger for each row is for. */
export interface Condition {
  readonly column: string
  /** `set`: the new value isn't null. `changed`: it differs from the old one. */
  readonly is: readonly ('set' | 'changed')[]
}

/** A trigger on a table. It is always ENABLE ALWAYS: what a replica applies is fenced too. */
export interface Trigger {
  readonly name: string
  readonly relation: RelationName
  /** Referencing or referenced column that it is for. */
  readonly column: string
  readonly timing: 'BEFORE' | 'AFTER'
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE'
  readonly level: 'ROW' | 'STATEMENT'
  /** Names of the transition tables. */
  readonly oldTable?: string
  readonly newTable?: string
  readonly when?: Condition
  /** Name of a function of the schema `integrity`. */
  readonly call: string
  readonly arguments?: readonly string[]
}

/**
 * The settings of every trigger function are part of its safety: no table of the caller can stand in for one of
 * ours, and no early plan reads the whole of a table that has grown since.
 */
export const functionSettings = ['search_path=pg_catalog, pg_temp', 'enable_seqscan=off']

/** Makes the function, or replaces it under the triggers that use it. */
export const createFunction = ({ name, body }: TriggerFunction): string => `\
CREATE OR REPLACE FUNCTION ${functionName(name)}() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  ${functionSettings.map((setting) => `SET ${setting.replace('=', ' = ')}`).join(' ')}
AS ${literal(body)};
REVOKE ALL ON FUNCTION ${functionName(name)}() FROM PUBLIC;`

export const dropFunction = (name: string): string => `DROP FUNCTION IF EXISTS ${functionName(name)}();`

export const createTrigger = (trigger: Trigger): string =>
  `${definitionOf(trigger, identifier)};\n${enableTrigger(trigger)}`

export const enableTrigger = ({ name, relation }: Pick<Trigger, 'name' | 'relation'>): string =>
  `ALTER TABLE ${relationName(relation)} ENABLE ALWAYS TRIGGER ${identifier(name)};`

export const dropTrigger = ({ name, relation }: Pick<Trigger, 'name' | 'relation'>): string =>
  `DROP TRIGGER IF EXISTS ${identifier(name)} ON ${relationName(relation)};`

/**
 * Words and order are those of `pg_get_triggerdef`, so that what is there can be compared.
 * @param quote how identifiers are written
 */
export function definitionOf(trigger: Trigger, quote: (name: string) => string): string {
  const { name, relation, timing, event, level, when, call, oldTable, newTable } = trigger
  const transitions = [
    oldTable === undefined ? '' : ` OLD TABLE AS ${quote(oldTable)}`,
    newTable === undefined ? '' : ` NEW TABLE AS ${quote(newTable)}`,
  ].join('')
  return [
    `CREATE TRIGGER ${quote(name)} ${timing} ${event} ON ${quote(relation.schema)}.${quote(relation.name)}`,
    transitions === '' ? '' : ` REFERENCING${transitions}`,
    ` FOR EACH ${level}`,
    when === undefined ? '' : ` WHEN (${conditionOf(when, quote)})`,
    ` EXECUTE FUNCTION ${quote(integritySchema)}.${quote(call)}(${(trigger.arguments ?? []).map(literal).join(', ')})`,
  ].join('')
}

const conditionOf = ({ column, is }: Condition, quote: (name: string) => string): string =>
  is
    .map((each) =>
      each === 'set'
        ? `new.${quote(column)} IS NOT NULL`
        : `old.${quote(column)} IS DISTINCT FROM new.${quote(column)}`,
    )
    .join(' AND ')

export const relationName = ({ schema, name }: RelationName): string =>
  `${identifier(schema)}.${identifier(name)}`

const functionName = (name: string): string => `${identifier(integritySchema)}.${identifier(name)}`

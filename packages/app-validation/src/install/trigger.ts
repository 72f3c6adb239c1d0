import { identifier, literal } from './sql.ts'

/** The PostgreSQL schema of everything that integrity keeps in a database. */
const integritySchema = 'integrity'

/** A trigger function of the schema `integrity`, in PL/pgSQL. */
export interface TriggerFunction {
  readonly name: string
  readonly body: string
}

export interface RelationName {
  readonly schema: string
  readonly name: string
}

/** A trigger on a table. It is always ENABLE ALWAYS: what a replica applies is fenced too. */
export interface Trigger {
  readonly name: string
  readonly relation: RelationName
  readonly timing: 'BEFORE' | 'AFTER'
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE'
  readonly level: 'ROW' | 'STATEMENT'
  /** Names of the transition tables. */
  readonly oldTable?: string
  readonly newTable?: string
  /** Condition of a trigger for each row. */
  readonly when?: string
  /** Name of a function of the schema `integrity`. */
  readonly call: string
  readonly arguments?: readonly string[]
}

/**
 * Makes the function, or replaces it under the triggers that use it. The pinned settings are part of its
 * safety: no table of the caller can stand in for one of ours, and no early plan reads the whole of a table
 * that has grown since.
 */
export const createFunction = ({ name, body }: TriggerFunction): string =>
  `
CREATE OR REPLACE FUNCTION ${functionName(name)}() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS ${literal(body)};
REVOKE ALL ON FUNCTION ${functionName(name)}() FROM PUBLIC;`.trim()

export function createTrigger(trigger: Trigger): string {
  const { name, timing, event, level, when, call, oldTable, newTable } = trigger
  const transitions = [
    oldTable === undefined ? '' : ` OLD TABLE AS ${identifier(oldTable)}`,
    newTable === undefined ? '' : ` NEW TABLE AS ${identifier(newTable)}`,
  ].join('')
  const table = relationName(trigger.relation)
  return [
    `CREATE TRIGGER ${identifier(name)} ${timing} ${event} ON ${table}`,
    transitions === '' ? [] : `  REFERENCING${transitions}`,
    `  FOR EACH ${level}${when === undefined ? '' : ` WHEN (${when})`}`,
    `  EXECUTE FUNCTION ${functionName(call)}(${(trigger.arguments ?? []).map(literal).join(', ')});`,
    `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${identifier(name)};`,
  ]
    .flat()
    .join('\n')
}

export const relationName = ({ schema, name }: RelationName): string =>
  `${identifier(schema)}.${identifier(name)}`

const functionName = (name: string): string => `${identifier(integritySchema)}.${identifier(name)}`

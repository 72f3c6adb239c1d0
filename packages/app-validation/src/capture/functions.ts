import { identifier, literal } from '../install/sql.ts'
import { relationName, type TriggerFunction } from '../install/trigger.ts'
import { targetName } from '../references/placed.ts'
import { functionName, type Target } from './target.ts'

/** The functions that a referenced column needs. */
export const captureFunctions = (target: Target): readonly TriggerFunction[] => [
  captureFunction(target),
  reuseFunction(target),
  movedFunction(target),
  ...(target.isRestricted ? [restrictFunction(target)] : []),
]

const idOf = (row: string, { column }: Target) => `${row}.${identifier(column)}`
const nameOf = (target: Target) => literal(targetName(target))

/** An UPDATE that moves a row to another partition fires the DELETE triggers of a row that lives on. */
const livesOn = (target: Target) =>
  `EXISTS (SELECT FROM ${relationName({ schema: target.schema, name: target.table })} r WHERE ${idOf('r', target)} = ${idOf('OLD', target)})`

/** From so many rows on a statement is worth a subtransaction. */
const many = 100

/**
 * Writes the delete log. An id that is in it already (its row came back while the triggers were off) is
 * logged anew, so that it is swept again; ON CONFLICT for that costs each row as much as its insertion, so many rows are
 * first tried without, and in the order of the index. Nobody is notified where transactions may be prepared: one
 * that has notified cannot be.
 */
function captureFunction(target: Target): TriggerFunction {
  const insert = (
    id: string,
    from = '',
  ) => `INSERT INTO integrity.delete_log AS known (epoch, xid, target, id, at)
      SELECT here, pg_current_xact_id(), ${nameOf(target)}, ${id}::text COLLATE "C" AS id, clock_timestamp()${from}`
  const anew = `
      ON CONFLICT (target, id) DO UPDATE SET epoch = excluded.epoch, xid = excluded.xid, at = excluded.at`
  const all = insert(idOf('d', target), ` FROM deleted d WHERE ${idOf('d', target)} IS NOT NULL ORDER BY id`)
  const body = `
DECLARE
  here text;
  amount integer;
BEGIN
  IF TG_LEVEL = 'STATEMENT' THEN
    SELECT count(*) INTO amount FROM (SELECT FROM deleted LIMIT ${many}) d;
    IF amount = 0 THEN
      RETURN NULL;
    END IF;
    here := integrity.epoch();
    IF amount < ${many} THEN
      ${all}${anew};
    ELSE
      BEGIN
        ${all};
      EXCEPTION WHEN unique_violation THEN
        ${all}${anew};
      END;
    END IF;
  ELSIF ${idOf('OLD', target)} IS NULL OR ${livesOn(target)} THEN
    RETURN NULL;
  ELSE
    here := integrity.epoch();
    ${insert(idOf('OLD', target))}${anew};
  END IF;
  IF current_setting('max_prepared_transactions') = '0' THEN
    PERFORM pg_notify('integrity', '');
  END IF;
  RETURN NULL;
END
`
  return { name: functionName('capture', target), body }
}

/**
 * Refuses ids that were deleted. A snapshot older than the delete doesn't show its log row, but the unique index
 * of the log knows it: writing the same key there, for a moment, is a serialization failure.
 */
function reuseFunction(target: Target): TriggerFunction {
  const probe = (id: string, into = '') =>
    `SELECT l.id${into} FROM integrity.delete_log l WHERE l.target = ${nameOf(target)} AND l.id = ${id}::text`
  const write = (id: string, from = '') => `INSERT INTO integrity.delete_log (epoch, xid, target, id)
      SELECT 'probe', pg_current_xact_id(), ${nameOf(target)}, ${id}::text${from} ON CONFLICT (target, id) DO NOTHING`
  const body = `
DECLARE
  reused text;
BEGIN
  IF TG_LEVEL = 'STATEMENT' THEN
    SELECT found.id INTO reused FROM inserted i CROSS JOIN LATERAL (${probe(idOf('i', target))} OFFSET 0) found LIMIT 1;
  ELSE
    ${probe(idOf('NEW', target), ' INTO reused')};
  END IF;
  IF reused IS NOT NULL THEN
    PERFORM integrity.refuse_reuse(TG_TABLE_SCHEMA, TG_TABLE_NAME, ${literal(target.column)}, reused);
  END IF;

  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    IF TG_LEVEL = 'STATEMENT' THEN
      ${write(idOf('i', target), ` FROM inserted i WHERE ${idOf('i', target)} IS NOT NULL`)};
    ELSIF ${idOf('NEW', target)} IS NOT NULL THEN
      ${write(idOf('NEW', target))};
    END IF;
    DELETE FROM integrity.delete_log l WHERE l.xid = pg_current_xact_id() AND l.epoch = 'probe';
  END IF;
  RETURN NULL;
END
`
  return { name: functionName('reuse', target), body }
}

/** Lets only deletes pass that carry the token of a clear intent in their own transaction, and closes it. */
function restrictFunction(target: Target): TriggerFunction {
  const close = (
    which: string,
  ) => `UPDATE integrity.intent i SET state = 'deleted', changed_at = clock_timestamp()
       WHERE i.token = carried AND i.state = 'clear' AND i.target = ${nameOf(target)} AND ${which}`
  const body = `
DECLARE
  carried uuid := nullif(current_setting('integrity.intent', true), '');
  stray text;
BEGIN
  IF TG_LEVEL = 'STATEMENT' THEN
    WITH ids AS (SELECT ${idOf('d', target)}::text AS id FROM deleted d WHERE ${idOf('d', target)} IS NOT NULL),
    closed AS (${close('i.id IN (SELECT id FROM ids)')} RETURNING i.id)
    SELECT ids.id INTO stray FROM ids WHERE NOT EXISTS (SELECT FROM closed WHERE closed.id = ids.id) LIMIT 1;
  ELSIF ${idOf('OLD', target)} IS NULL OR ${livesOn(target)} THEN
    RETURN NULL;
  ELSE
    ${close(`i.id = ${idOf('OLD', target)}::text`)};
    IF NOT FOUND THEN
      stray := ${idOf('OLD', target)}::text;
    END IF;
  END IF;
  IF stray IS NOT NULL THEN
    PERFORM integrity.refuse_delete(TG_TABLE_SCHEMA, TG_TABLE_NAME, ${literal(target.column)}, stray);
  END IF;
  RETURN NULL;
END
`
  return { name: functionName('restrict', target), body }
}

/** Refuses an UPDATE that changes the id of a row while it moves it to another partition. */
function movedFunction(target: Target): TriggerFunction {
  const body = `
BEGIN
  IF EXISTS (SELECT ${idOf('o', target)} FROM before o EXCEPT SELECT ${idOf('n', target)} FROM after n) THEN
    PERFORM integrity.refuse_changed_id(TG_TABLE_SCHEMA, TG_TABLE_NAME, ${literal(target.column)});
  END IF;
  RETURN NULL;
END
`
  return { name: functionName('moved', target), body }
}

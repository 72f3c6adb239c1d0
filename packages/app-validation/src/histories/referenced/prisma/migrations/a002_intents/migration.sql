-- Intents to delete what a RESTRICT reference may name
--
-- This side arbitrates. An intent goes open -> clear (no referencing row was found behind the reservations
-- and the barrier) -> deleted, or is cancelled; only a clear one lets the delete pass, and whoever cancels
-- waits for a delete under way. Each change is one row lock, so the two can't both win.
--
-- creates: intent

-- intent ------------------------------------------------------------------------------------------

CREATE TABLE integrity.intent (
  target      text         COLLATE "C" NOT NULL,
  id          text         COLLATE "C" NOT NULL,
  token       uuid                     NOT NULL,
  state       text                     NOT NULL DEFAULT 'open',
  opened_at   timestamptz              NOT NULL DEFAULT clock_timestamp(),
  changed_at  timestamptz              NOT NULL DEFAULT clock_timestamp(),

  CONSTRAINT pk_intent PRIMARY KEY (target, id),
  CONSTRAINT ck_intent_state CHECK (state IN ('open', 'clear', 'deleted', 'cancelled'))
);

CREATE INDEX ix_intent_token ON integrity.intent (token);

COMMENT ON TABLE integrity.intent IS 'Deletes in preparation of rows that a RESTRICT reference may name';
COMMENT ON COLUMN integrity.intent.target IS 'Referenced column: schema.table.column';
COMMENT ON COLUMN integrity.intent.id IS 'Its value as text';
COMMENT ON COLUMN integrity.intent.token IS 'Who may delete; one token may hold many ids. It is a secret of the arbiter';
COMMENT ON COLUMN integrity.intent.state IS 'open, clear, deleted or cancelled';
COMMENT ON COLUMN integrity.intent.opened_at IS 'When the arbiter began';
COMMENT ON COLUMN integrity.intent.changed_at IS 'When the state changed last; recovery goes by its age';

CREATE SEQUENCE integrity.refused_deletes;
COMMENT ON SEQUENCE integrity.refused_deletes IS 'Deletes refused for want of a clear intent';

CREATE FUNCTION integrity.open_intent(target text, ids text[]) RETURNS uuid
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  WITH opened AS (SELECT gen_random_uuid() AS token),
  written AS (INSERT INTO integrity.intent (target, id, token) SELECT $1, i.id, o.token FROM opened o, unnest($2) i(id))
  SELECT token FROM opened
$$;
COMMENT ON FUNCTION integrity.open_intent(text, text[]) IS 'Begins to prepare the deletion of these ids; fails with 23505 when another arbiter is at one of them';

CREATE FUNCTION integrity.clear_intent(token uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE integrity.intent i SET state = 'clear', changed_at = clock_timestamp()
   WHERE i.token = $1 AND i.state = 'open';
  RETURN EXISTS (SELECT FROM integrity.intent i WHERE i.token = $1)
     AND NOT EXISTS (SELECT FROM integrity.intent i WHERE i.token = $1 AND i.state <> 'clear');
END
$$;
COMMENT ON FUNCTION integrity.clear_intent(uuid) IS 'Says that no referencing row exists; false when the intent was cancelled meanwhile';

CREATE FUNCTION integrity.carry_intent(token uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT set_config('integrity.intent', $1::text, true)
$$;
COMMENT ON FUNCTION integrity.carry_intent(uuid) IS 'Lets this transaction delete what the clear intent names';

CREATE FUNCTION integrity.cancel_intent(token uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE integrity.intent i SET state = 'cancelled', changed_at = clock_timestamp()
   WHERE i.token = $1 AND i.state IN ('open', 'clear');
  RETURN NOT EXISTS (SELECT FROM integrity.intent i WHERE i.token = $1 AND i.state = 'deleted');
END
$$;
COMMENT ON FUNCTION integrity.cancel_intent(uuid) IS 'From here on nothing is deleted under the intent; false when something was. Waits for a delete under way';

CREATE FUNCTION integrity.close_intent(token uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  DELETE FROM integrity.intent i WHERE i.token = $1 AND i.state IN ('deleted', 'cancelled')
$$;
COMMENT ON FUNCTION integrity.close_intent(uuid) IS 'Forgets an intent that has ended, once its reservations are released';

CREATE FUNCTION integrity.refuse_delete(schema_name name, table_name name, column_name name, id text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM nextval('integrity.refused_deletes');
  RAISE EXCEPTION 'delete on table "%" must be arbitrated: rows of other databases may restrict it', table_name USING
    ERRCODE = 'foreign_key_violation',
    DETAIL = format('Key (%I)=(%s) is deleted without a clear intent of this transaction.', column_name, id),
    HINT = 'Delete it through the library, which asks the other databases first; or anonymise the row instead.',
    SCHEMA = schema_name, TABLE = table_name, COLUMN = column_name,
    CONSTRAINT = format('restrict_%s_%s', table_name, column_name);
END
$$;
COMMENT ON FUNCTION integrity.refuse_delete(name, name, name, text) IS 'Raises and counts the refusal of a delete that nobody arbitrated';

REVOKE ALL ON FUNCTION
  integrity.open_intent(text, text[]),
  integrity.clear_intent(uuid),
  integrity.carry_intent(uuid),
  integrity.cancel_intent(uuid),
  integrity.close_intent(uuid),
  integrity.refuse_delete(name, name, name, text)
FROM PUBLIC;

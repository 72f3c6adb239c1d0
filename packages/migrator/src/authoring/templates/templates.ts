import type { Template } from './template.ts'

/** Scripts for what a schema can't say by itself, or what takes several steps. */
export const templates: Readonly<Record<string, Template>> = {
  table: {
    summary: 'a new table with key, times and an index',
    up: `CREATE TABLE <table> (
  id         uuid           PRIMARY KEY DEFAULT gen_random_uuid(),
  <column>   <type>         NOT NULL,
  data       jsonb          NOT NULL DEFAULT '{}',
  created_at timestamptz(6) NOT NULL DEFAULT transaction_timestamp(),
  updated_at timestamptz(6) NOT NULL DEFAULT transaction_timestamp()
);

CREATE INDEX ix_<table>_<column> ON <table> (<column>);
CREATE INDEX ix_<table>_created_at ON <table> (created_at);
`,
    down: 'DROP TABLE <table>;\n',
  },
  'column-backfill': {
    summary: 'a column, a data migration that fills it, and a second revision that requires it',
    up: `-- Nullable at first: the rows that are there have no value yet. The application writes it from now on.
ALTER TABLE <table> ADD COLUMN <column> <type>;
`,
    down: 'ALTER TABLE <table> DROP COLUMN <column>;\n',
    data: `-- Run by \`pnpm db data\`, in batches, until it finds no row any more.
UPDATE <table> SET <column> = <value>
 WHERE id IN (SELECT id FROM <table> WHERE <column> IS NULL LIMIT :batch);
`,
    afterData: {
      title: 'required',
      transaction: 'none',
      up: `-- The check is made without stopping the writes, and spares SET NOT NULL a look at every row under its lock.
ALTER TABLE <table> ADD CONSTRAINT ck_<table>_<column>_required CHECK (<column> IS NOT NULL) NOT VALID;
ALTER TABLE <table> VALIDATE CONSTRAINT ck_<table>_<column>_required;
ALTER TABLE <table> ALTER COLUMN <column> SET NOT NULL;
ALTER TABLE <table> DROP CONSTRAINT ck_<table>_<column>_required;
`,
      down: 'ALTER TABLE <table> ALTER COLUMN <column> DROP NOT NULL;\n',
    },
  },
  'type-change': {
    summary: 'another type for a column, with the conversion of its values',
    up: `-- WARNING: rewrites the table under a lock, and fails on a value that doesn't convert.
ALTER TABLE <table> ALTER COLUMN <column> TYPE <type> USING <column>::<type>;
`,
    down: 'ALTER TABLE <table> ALTER COLUMN <column> TYPE <old_type> USING <column>::<old_type>;\n',
  },
  'concurrent-index': {
    summary: 'an index on a busy table, built while it is written to',
    up: `-- transaction: none

CREATE INDEX CONCURRENTLY ix_<table>_<column> ON <table> (<column>);
`,
    down: `-- transaction: none

DROP INDEX CONCURRENTLY ix_<table>_<column>;
`,
  },
  'foreign-key': {
    summary: 'a foreign key on tables with rows, checked without stopping the writes',
    up: `-- Two steps: adding it unchecked needs its lock for a moment only, and the check lets writes pass.
ALTER TABLE <table> ADD CONSTRAINT fk_<table>_<column>
  FOREIGN KEY (<column>) REFERENCES <other_table> (id) ON DELETE CASCADE NOT VALID;

ALTER TABLE <table> VALIDATE CONSTRAINT fk_<table>_<column>;
`,
    down: 'ALTER TABLE <table> DROP CONSTRAINT fk_<table>_<column>;\n',
  },
  'enum-value': {
    summary: 'one more value of an enum',
    up: `ALTER TYPE <enum> ADD VALUE '<value>';\n`,
    down: `-- PostgreSQL can't take a value out of an enum. This refuses while a row may hold it.
DO $$ BEGIN RAISE EXCEPTION 'the value <value> of <enum> can not be taken back'; END $$;
`,
  },
  trigger: {
    summary: 'a function and the trigger that calls it',
    up: `CREATE FUNCTION <function>() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = ''
AS $$
BEGIN
  NEW.updated_at := transaction_timestamp();
  RETURN NEW;
END
$$;

CREATE TRIGGER <function> BEFORE UPDATE ON <table>
  FOR EACH ROW EXECUTE FUNCTION <function>();
`,
    down: `DROP TRIGGER <function> ON <table>;
DROP FUNCTION <function>();
`,
  },
}

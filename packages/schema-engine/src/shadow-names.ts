/** Prisma's own prefix, so that other tools know these databases for what they are. */
const prefix = 'prisma_migrate_shadow_db_'

/** Of the session that a shadow database belongs to. */
const nameOfSession = `'${prefix}' || pid || '_' || to_char(extract(epoch FROM backend_start) * 1000000, 'FM9999999999999999')`

/** Gives the `name` for a shadow database of the session that asks. */
export const selectShadowName = `SELECT ${nameOfSession} AS name FROM pg_stat_activity WHERE pid = pg_backend_pid()`

/** Gives the `name` of each shadow database that a killed run has left: its session is gone. */
export const selectLeftoverShadows = `
  SELECT d.datname AS name FROM pg_database d
   WHERE d.datname ~ '^${prefix}[0-9]+_[0-9]+$' AND pg_has_role(d.datdba, 'USAGE')
     AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname <> d.datname AND d.datname = ${nameOfSession})`

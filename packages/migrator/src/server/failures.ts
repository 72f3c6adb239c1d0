import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

type At = { database: string; server: string; origin: string }

export const serverRefused = defineFailure<At & { reason: string }>(
  'server.refused',
  precondition,
  ({ database, server, origin, reason }) => ({
    what: `No PostgreSQL answers for ${database} at ${server} (${reason}).`,
    why: 'The server is down, starting, or listens on another address, or something between refuses the connection.',
    fix: `Check host and port in ${origin} and that the server runs; \`pnpm db config\` shows what is in force.`,
  }),
)

export const passwordWrong = defineFailure<At & { user: string }>(
  'server.wrong-password',
  precondition,
  ({ database, server, origin, user }) => ({
    what: `${server} refused the password of "${user}" for ${database}.`,
    why: 'User or password is wrong, or pg_hba.conf allows this user no password login.',
    fix: `Correct user and password in ${origin}; percent-encode special characters such as @ : / # in it.`,
  }),
)

export const passwordMissing = defineFailure<At & { user: string }>(
  'server.no-password',
  precondition,
  ({ database, server, origin, user }) => ({
    what: `${server} asks for the password of "${user}" for ${database}, and ${origin} has none.`,
    why: 'The server lets this user in by password only.',
    fix: `Write it into ${origin} (postgresql://user:password@…), percent-encoded, or set PGPASSWORD.`,
  }),
)

export const databaseMissing = defineFailure<At>(
  'database.missing',
  precondition,
  ({ database, server, origin }) => ({
    what: `The database for ${database} doesn't exist on ${server}.`,
    why: 'It has not been created yet, and this command was told not to, or only looks.',
    fix: `Run \`pnpm db:migrate\` without --no-create, create it yourself, or correct ${origin}.`,
  }),
)

export const createForbidden = defineFailure<At & { user: string }>(
  'database.create-forbidden',
  precondition,
  ({ database, server, user }) => ({
    what: `The database for ${database} doesn't exist on ${server}, and "${user}" may not create it.`,
    why: 'Creating a database needs the CREATEDB right, and a connection to the database "postgres".',
    fix: `Have an administrator run CREATE DATABASE … OWNER "${user}", or grant it: ALTER ROLE "${user}" CREATEDB.`,
  }),
)

export const tooManyConnections = defineFailure<At>(
  'server.too-many-connections',
  precondition,
  ({ database, server }) => ({
    what: `${server} has no connection left for ${database}.`,
    why: 'max_connections, or the limit of the role or of the database, is reached.',
    fix: 'Close idle clients or raise max_connections; one migration takes one connection a database.',
  }),
)

export const serverReadOnly = defineFailure<At>('server.read-only', precondition, ({ database, server }) => ({
  what: `${server} lets nothing be written for ${database}.`,
  why: 'It is a standby, or default_transaction_read_only is on for this server, database or role.',
  fix: 'Name the primary in the URL (target_session_attrs has no effect here), or switch read-only off.',
}))

export const rightMissing = defineFailure<At & { user: string; message: string }>(
  'server.right-missing',
  precondition,
  ({ database, server, user, message }) => ({
    what: `"${user}" lacks a right on ${database} at ${server}: ${message}.`,
    why: 'Migrations run as the role in the URL, which must own the schema or be allowed to create in it.',
    fix: `Use the owner's role, or: GRANT CREATE, USAGE ON SCHEMA … TO "${user}".`,
  }),
)

export const sameDatabase = defineFailure<{ databases: readonly string[] }>(
  'catalog.same-database',
  precondition,
  ({ databases }) => ({
    what: `${databases.join(' and ')} reach the same database by URLs that are written differently.`,
    why: 'One lock guards a database, and two sessions of one run would wait for each other.',
    fix: 'Write host, port and database name alike in both URLs.',
  }),
)

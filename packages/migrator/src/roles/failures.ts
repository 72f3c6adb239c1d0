import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const rolesNone = defineFailure<{ root: string }>('roles.none', precondition, ({ root }) => ({
  what: `The catalog of ${root} names no roles.`,
  why: 'Which rights there should be follows from the roles of the catalog.',
  fix: "Add roles: { migrator: '…', application: '…', sweeper: '…' } to it.",
}))

export const rolesRefused = defineFailure<{ database: string; user: string; message: string }>(
  'roles.refused',
  precondition,
  ({ database, user, message }) => ({
    what: `"${user}" may not arrange the roles of ${database}: ${message}.`,
    why: 'Roles are made by who has CREATEROLE; a database is arranged, and what lies in it handed over, by its owner. Nothing was changed there.',
    fix: 'Put the URL of the owner or of a superuser into the environment for this command, or give the script of --sql to somebody who is.',
  }),
)

export const passwordsUnusable = defineFailure<{ file: string; problem: string }>(
  'roles.passwords-unusable',
  precondition,
  ({ file, problem }) => ({
    what: `${file} can't be used for passwords: ${problem}.`,
    why: 'Each line is role=password, of roles that the catalog names, and of printable ASCII without white space.',
    fix: 'Mend the file, or let --generate-passwords write a new one.',
  }),
)

export const passwordsUnneeded = defineFailure<Record<never, never>>(
  'roles.passwords-unneeded',
  precondition,
  () => ({
    what: 'Passwords are given, and nothing is to be changed.',
    why: 'What differs can be shown without them.',
    fix: 'Add --apply or --sql, or leave the passwords out.',
  }),
)

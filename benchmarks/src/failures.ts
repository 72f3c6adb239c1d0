import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const argumentsWrong = defineFailure<{ problem: string; usage: string }>(
  'bench.arguments',
  precondition,
  ({ problem, usage }) => ({
    what: problem,
    why: 'The command line says nothing that can be measured.',
    fix: usage,
  }),
)

export const urlNotVariable = defineFailure<{ database: string }>(
  'bench.url-source',
  precondition,
  ({ database }) => ({
    what: `The URL of ${database} is not in one variable.`,
    why: 'All contestants get the same URLs, and some of them read nothing but a variable.',
    fix: 'Measure a catalog whose databases use fromVariable.',
  }),
)

export const runFailed = defineFailure<{ contestant: string; exitCode: number | null; said: string }>(
  'bench.run-failed',
  precondition,
  ({ contestant, exitCode, said }) => ({
    what: `A run of "${contestant}" ended with exit code ${exitCode}.`,
    why: said || 'It said nothing.',
    fix: 'It went through the warm-up, so look for what changed meanwhile, and measure again.',
  }),
)

export const serverUnusable = defineFailure<{ host: string; reason: string }>(
  'bench.server',
  precondition,
  ({ host, reason }) => ({
    what: `The server at ${host} can't be used for measuring.`,
    why: reason,
    fix: 'Name a server whose user may create databases, or leave --url out for an embedded one.',
  }),
)

export const alembicMissing = defineFailure<{ reason: string }>(
  'bench.alembic-missing',
  precondition,
  ({ reason }) => ({
    what: `There is no Alembic to compare with: ${reason}.`,
    why: 'What planning costs is said next to what it costs Alembic.',
    fix: 'On Debian: apt-get install python3-alembic python3-psycopg2.',
  }),
)

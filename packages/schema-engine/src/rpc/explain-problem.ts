import { errorMessage } from '@manybase/failure'
import type { Error as AdapterError } from '@prisma/driver-adapter-utils'
import type { Problem } from '../adapter/factory.ts'
import { type KnownError, knownError } from '../adapter/known-error.ts'

/**
 * Says as the native engine would what went wrong at the database. The WebAssembly engine passes a failed
 * connection on without its code, and a failed script as "external connector error" or in words of its own.
 * Undefined where the engine's own error says all there is.
 */
export function explainProblem(
  problem: Problem,
  error: unknown,
  { method, params }: { readonly method: string; readonly params: unknown },
): KnownError | undefined {
  if (problem.kind === 'connection') return knownError(problem.error, problem.address)
  if (method === 'dbExecute') return { message: serverWords(problem.error) }
  if (method === 'applyMigrations') return failedMigration(migrationOf(problem.script, params), problem.error)
  return failedInShadow(error, problem.error)
}

/** P3006: a script of the history can't be run on the shadow database. */
function failedInShadow(engineError: unknown, error: AdapterError): KnownError | undefined {
  // The engine says the name in its message only.
  const [, name] = /^Migration `([^`]+)` failed to apply cleanly/.exec(errorMessage(engineError)) ?? []
  if (name === undefined) return undefined
  return {
    error_code: 'P3006',
    message: [
      `Migration \`${name}\` failed to apply cleanly to the shadow database.`,
      `Error code: ${error.originalCode ?? 'N/A'}`,
      `Error:\n${serverWords(error)}`,
    ].join('\n'),
    meta: { migration_name: name },
  }
}

/** P3018: a migration could not be applied. */
function failedMigration(name: string | undefined, error: AdapterError): KnownError | undefined {
  if (name === undefined) return undefined
  const code = error.originalCode ?? 'N/A'
  const message = serverWords(error)
  return {
    error_code: 'P3018',
    message: [
      'A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve',
      `Migration name: ${name}`,
      `Database error code: ${code}`,
      `Database error:\n${message}`,
    ].join('\n\n'),
    meta: { migration_name: name, database_error_code: code, database_error: message },
  }
}

function serverWords(error: AdapterError): string {
  if (error.kind !== 'postgres') return error.originalMessage ?? error.kind
  const { severity, message, detail, hint } = error
  return [`${severity}: ${message}`, detail && `DETAIL: ${detail}`, hint && `HINT: ${hint}`]
    .filter(Boolean)
    .join('\n')
}

/** Which migration of a request's list has this script. */
function migrationOf(script: string, params: unknown): string | undefined {
  const directories: unknown = path(params, 'migrationsList', 'migrationDirectories')
  if (!Array.isArray(directories)) return undefined
  const found: unknown = directories.find(
    (directory) => path(directory, 'migrationFile', 'content', 'value') === script,
  )
  const name = path(found, 'path')
  return typeof name === 'string' ? name : undefined
}

function path(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  )
}

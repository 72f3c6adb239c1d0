import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorMessage } from '@manybase/failure'
import { parseDuration } from './duration.ts'
import { optionsInvalid } from './failures.ts'
import type { Revision } from './revision.ts'

/**
 * What `options.json` beside a script says of how it is run. None of it belongs to the revision's meaning, so
 * none of it is in the checksum, and changing it makes nothing divergent. Times are milliseconds, 0 for none.
 */
export interface RevisionOptions {
  /** How long a statement waits for a lock before all of the script is rolled back and tried again. */
  readonly lockTimeout?: number
  /** How long it is tried again, altogether, before it is given up. */
  readonly lockRetryTime?: number
  readonly statementTimeout?: number
  /** Where it is run; everywhere when unset. */
  readonly environments?: readonly string[]
  /** Ids of revisions in the same history whose data migrations must be complete before. */
  readonly requiresData?: readonly string[]
}

/** Reads a value; undefined when it isn't of the right kind. */
type Read<T> = (value: unknown) => T | undefined

const duration: Read<number> = (value) => (typeof value === 'string' ? parseDuration(value) : undefined)
const names: Read<readonly string[]> = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '') ? value : undefined

const readers: { readonly [K in keyof Required<RevisionOptions>]: Read<Required<RevisionOptions>[K]> } = {
  lockTimeout: duration,
  lockRetryTime: duration,
  statementTimeout: duration,
  environments: names,
  requiresData: names,
}

const shapes: Readonly<Record<keyof RevisionOptions, string>> = {
  lockTimeout: 'a time such as "5s"',
  lockRetryTime: 'a time such as "1min"',
  statementTimeout: 'a time such as "30s"',
  environments: 'a list of names',
  requiresData: 'a list of revisions',
}

const isKnown = (key: string): key is keyof RevisionOptions => Object.hasOwn(readers, key)

/**
 * Reads a revision's `options.json`; one without the file has none. Asked only for revisions that are about
 * to be run.
 * @throws `options.invalid`
 */
export function readOptions({ path }: Pick<Revision, 'path'>): RevisionOptions {
  const file = join(path, 'options.json')
  return existsSync(file) ? parseOptions(readFileSync(file, 'utf8'), file) : {}
}

/** @throws `options.invalid` for anything but an object with known keys and fitting values */
export function parseOptions(text: string, file: string): RevisionOptions {
  const refuse = (problem: string, cause?: unknown) =>
    optionsInvalid({ file, problem, known: Object.keys(readers) }, cause)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw refuse(errorMessage(error), error)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refuse('it is not an object')
  const options: Partial<Record<keyof RevisionOptions, unknown>> = {}
  for (const [key, value] of Object.entries(json)) {
    if (!isKnown(key)) throw refuse(`it has the unknown key "${key}"`)
    const read = readers[key](value)
    if (read === undefined) throw refuse(`"${key}" must be ${shapes[key]}`)
    options[key] = read
  }
  return options as RevisionOptions
}

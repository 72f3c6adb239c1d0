import { readFileSync, writeFileSync } from 'node:fs'
import { errorCode } from '@manybase/failure'
import type { Explained } from './explain.ts'
import { recordUnusable } from './failures.ts'

/** Raised when an older version could no longer be compared with. */
const format = 1

export const writeRecord = (file: string, plans: readonly Explained[]): void =>
  writeFileSync(file, `${JSON.stringify({ format, plans }, null, 2)}\n`)

/** @throws `query-plans.unusable` */
export function readRecord(file: string): readonly Explained[] {
  const record = parse(file)
  if (
    !isObject(record) ||
    record.format !== format ||
    !Array.isArray(record.plans) ||
    !record.plans.every(isExplained)
  ) {
    throw recordUnusable({ file, problem: `it is no record of format ${format}` })
  }
  return record.plans
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const problem = errorCode(error) === 'ENOENT' ? 'it is not there' : 'it is not JSON'
    throw recordUnusable({ file, problem }, error)
  }
}

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

const isPlan = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.cost === 'number' &&
  typeof value.rows === 'number' &&
  isTexts(value.shape) &&
  isTexts(value.scanned)

const isExplained = (value: unknown): value is Explained =>
  isObject(value) &&
  typeof value.name === 'string' &&
  typeof value.database === 'string' &&
  typeof value.sql === 'string' &&
  (value.plan === null || isPlan(value.plan))

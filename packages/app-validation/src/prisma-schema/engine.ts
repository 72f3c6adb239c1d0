import { errorMessage } from '@manybase/failure'
import type { Datamodel } from '@prisma/dmmf'
import { get_dmmf } from '@prisma/prisma-schema-wasm'
import { schemaInvalid } from '../failures.ts'
import type { SourceFile } from './scan.ts'

/**
 * Prisma's own parser, as WebAssembly: the one that its CLI and its generators use, so a schema means here what
 * it means there, without a native engine, a child process or a generated client.
 * @throws `schema.invalid` with Prisma's message, which shows the place
 */
export function readDatamodel(database: string, files: readonly SourceFile[]): Datamodel {
  const document = callEngine(database, files)
  if (!hasDatamodel(document)) throw new TypeError('Prisma’s parser answered without a data model.')
  return document.datamodel
}

function callEngine(database: string, files: readonly SourceFile[]): unknown {
  const prismaSchema = files.map(({ file, text }) => [file, text])
  let answer: string
  try {
    answer = get_dmmf(JSON.stringify({ prismaSchema, noColor: true }))
  } catch (error) {
    const message = validationMessage(error)
    if (message === undefined) throw error
    throw schemaInvalid({ database, message }, error)
  }
  return JSON.parse(answer)
}

/** The parser throws JSON for a schema that is at fault, and anything else only when the parser is. */
function validationMessage(error: unknown): string | undefined {
  const text = errorMessage(error)
  if (!text.startsWith('{')) return undefined
  const answer: unknown = JSON.parse(text)
  if (typeof answer !== 'object' || answer === null || !('message' in answer)) return undefined
  return typeof answer.message === 'string' ? answer.message : undefined
}

const hasDatamodel = (value: unknown): value is { readonly datamodel: Datamodel } =>
  typeof value === 'object' &&
  value !== null &&
  'datamodel' in value &&
  typeof value.datamodel === 'object' &&
  value.datamodel !== null &&
  'models' in value.datamodel &&
  Array.isArray(value.datamodel.models)

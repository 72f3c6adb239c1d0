import { relative } from 'node:path'
import { argumentsInvalid } from '../failures.ts'
import type { SchemaSource } from '../prisma-schema/load.ts'

/**
 * Reads `database=path` arguments; the paths come out relative to the folder of the command, as findings name them.
 * @throws `arguments.invalid`
 */
export function readSources(values: readonly string[], usage: string): readonly SchemaSource[] {
  if (values.length === 0) throw argumentsInvalid({ problem: 'No schema is named.', usage })
  const sources = values.map((value) => readSource(value, usage))
  const repeated = sources.find(({ database }, index) =>
    sources.slice(0, index).some((other) => other.database === database),
  )
  if (repeated) throw argumentsInvalid({ problem: `${repeated.database} is named twice.`, usage })
  return sources
}

function readSource(value: string, usage: string): SchemaSource {
  const separator = value.indexOf('=')
  const database = value.slice(0, Math.max(separator, 0))
  const path = value.slice(separator + 1)
  if (!/^\w[\w-]*$/.test(database) || path === '') {
    throw argumentsInvalid({ problem: `\`${value}\` isn’t <database>=<path>.`, usage })
  }
  return { database, path: relative('.', path) || '.' }
}

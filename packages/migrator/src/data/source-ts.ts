import { pathToFileURL } from 'node:url'
import { errorMessage } from '@manybase/failure'
import type { DataJob } from '../execute/job.ts'
import type { DataMigration } from './define.ts'
import { dataInvalid } from './failures.ts'
import type { Source } from './source.ts'

/** A `data.ts` as a source of batches. @throws `data.invalid` */
export async function openModule(job: DataJob): Promise<Source> {
  const refuse = (problem: string, cause?: unknown) => {
    const { database, revision } = job.step
    return dataInvalid({ database, revision: revision.name, file: job.file, problem }, cause)
  }
  const migration = await importDefault(job.file).catch((error) => {
    throw refuse(`importing it failed: ${errorMessage(error).trimEnd()}`, error)
  })
  if (!isDataMigration(migration)) {
    throw refuse('its default export has no `batch`: export default defineDataMigration({ batch: … })')
  }
  const { count, batch } = migration
  return {
    count: async (client) => (count ? await count(client) : null),
    batch: async (client, input) => {
      const output: unknown = await batch({ client, ...input })
      if (!isOutput(output)) throw refuse('a batch returns { rows, done }, and `cursor` where it has one')
      const { rows, done, cursor = input.cursor } = output
      if (!done && cursor === null && !count) {
        throw refuse(
          'a batch that moves no cursor needs `count`, so that it is noticed when no row becomes less',
        )
      }
      return { rows, done, cursor }
    },
    limit: async (client, handled, total) => {
      if (!count) return undefined
      const left = await count(client)
      return left >= (total ?? 0) ? (total ?? 0) : handled + left
    },
  }
}

async function importDefault(file: string): Promise<unknown> {
  const loaded: { default?: unknown } = await import(pathToFileURL(file).href)
  return loaded.default
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** It may be written without the types. */
const isDataMigration = (value: unknown): value is DataMigration =>
  isObject(value) &&
  'batch' in value &&
  typeof value.batch === 'function' &&
  (!('count' in value) || value.count === undefined || typeof value.count === 'function')

interface Output {
  readonly rows: number
  readonly done: boolean
  readonly cursor?: string | null
}

const isOutput = (value: unknown): value is Output =>
  isObject(value) &&
  'rows' in value &&
  Number.isSafeInteger(value.rows) &&
  'done' in value &&
  typeof value.done === 'boolean' &&
  (!('cursor' in value) ||
    value.cursor === undefined ||
    value.cursor === null ||
    typeof value.cursor === 'string')

import type { ModelShape } from '../generator/descriptor.ts'
import type { Reference } from '../references/reference.ts'
import type { NamedValue } from '../violations/named-value.ts'
import { readValue } from './value.ts'
import { isRecord, listOf } from './values.ts'

type Models = Readonly<Record<string, ModelShape>>

/**
 * Finds the values that a write of Prisma's client puts into referencing columns, however deep its nested writes go.
 * Prisma reports a nested write as part of its outermost operation alone, so its arguments are walked. Null and
 * undefined name nothing, and fields that aren't written aren't looked at.
 * @returns a function of model, operation and its arguments
 * @throws `guard.arithmetic`
 */
export function makeCollector(references: readonly Reference[], models: Models) {
  const referencesOf = new Map(
    Object.keys(models).map((model) => [
      model,
      new Map(references.filter((one) => one.model === model).map((one) => [one.field, one])),
    ]),
  )

  function* ofData(model: string, data: unknown): Generator<NamedValue> {
    for (const record of listOf(data)) {
      if (!isRecord(record)) continue
      for (const [key, written] of Object.entries(record)) {
        const reference = referencesOf.get(model)?.get(key)
        const related = models[model]?.relations[key]
        if (reference) {
          const value = readValue(reference, written)
          if (value !== undefined) yield { reference, value }
        } else if (related !== undefined) {
          yield* ofNested(related, written)
        }
      }
    }
  }

  /** `{ create, createMany, connectOrCreate, upsert, update, updateMany, … }` below a relation; the rest writes no column. */
  function* ofNested(model: string, written: unknown): Generator<NamedValue> {
    if (!isRecord(written)) return
    yield* ofData(model, written.create)
    if (isRecord(written.createMany)) yield* ofData(model, written.createMany.data)
    for (const one of listOf(written.connectOrCreate)) if (isRecord(one)) yield* ofData(model, one.create)
    for (const one of listOf(written.upsert)) {
      if (!isRecord(one)) continue
      yield* ofData(model, one.create)
      yield* ofData(model, one.update)
    }
    for (const one of listOf(written.update)) yield* ofData(model, dataOfUpdate(models[model], one))
    for (const one of listOf(written.updateMany)) if (isRecord(one)) yield* ofData(model, one.data)
  }

  return (model: string, operation: string, args: unknown): readonly NamedValue[] => {
    if (!isRecord(args)) return []
    switch (operation) {
      case 'create':
      case 'createMany':
      case 'createManyAndReturn':
      case 'update':
      case 'updateMany':
      case 'updateManyAndReturn':
        return [...ofData(model, args.data)]
      case 'upsert':
        return [...ofData(model, args.create), ...ofData(model, args.update)]
      default:
        return []
    }
  }
}

/**
 * A nested update is `{ where, data }`, or for a relation to one record also the data alone. A model may have a field
 * that is called `data`: then the content decides, as it does for Prisma.
 */
function dataOfUpdate(model: ModelShape | undefined, update: unknown): unknown {
  if (!isRecord(update) || !isRecord(update.data)) return update
  if (Object.keys(update).some((key) => key !== 'where' && key !== 'data')) return update
  if (!model || !('data' in model.fields) || 'where' in update) return update.data
  const { fields, relations } = model
  return Object.keys(update.data).every((key) => key in fields || key in relations) ? update.data : update
}

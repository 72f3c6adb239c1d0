import type { ModelShape } from '../generator/descriptor.ts'
import type { NamedValue } from '../violations/named-value.ts'
import type { makeCollector } from './collect.ts'
import { isRecord, listOf } from './values.ts'

/** What is left to do of a write when the branches that name nobody are not to be taken. */
export type Rest =
  | { readonly kind: 'nothing' }
  /** To be done in its place: it fails with Prisma's P2025 or P2018 where such a branch would have been taken. */
  | { readonly kind: 'write'; readonly operation: string; readonly args: unknown }
  /** To be done in its place if no row is there; a row means that such a branch would have been taken. */
  | { readonly kind: 'create'; readonly args: unknown; readonly unless: unknown }

interface Knowledge {
  readonly models: Readonly<Record<string, ModelShape>>
  readonly collect: ReturnType<typeof makeCollector>
}

/**
 * A foreign key refuses a row that is written, and not one that might have been. Whether Prisma creates or updates is
 * its own to find out, so a branch that names nobody is taken out of the arguments in such a way that the write fails
 * if it comes to that: an upsert becomes an update, and `connectOrCreate` becomes `connect`.
 */
export function makeBranches({ models, collect }: Knowledge) {
  return function withoutBranches(
    model: string,
    operation: string,
    args: unknown,
    missing: readonly NamedValue[],
  ): Rest {
    if (!isRecord(args)) return nothing
    const lost = new Set(missing.map(keyOf))
    const names = (on: string, data: unknown): boolean =>
      collect(on, 'create', { data }).some((named) => lost.has(keyOf(named)))
    const cut = (data: unknown): { readonly data: unknown } | undefined => {
      const left = cutData(models, model, data, names)
      return names(model, left) ? undefined : { data: left }
    }
    if (operation !== 'upsert') {
      const data = cut(args.data)
      return data && 'data' in args ? { kind: 'write', operation, args: { ...args, ...data } } : nothing
    }
    const { create, update, ...common } = args
    const [created, updated] = [cut(create), cut(update)]
    if (created && updated) {
      return {
        kind: 'write',
        operation,
        args: { ...common, create: created.data, update: updated.data },
      }
    }
    if (updated) return { kind: 'write', operation: 'update', args: { ...common, ...updated } }
    if (!created) return nothing
    const { where, ...rest } = common
    return { kind: 'create', args: { ...rest, ...created }, unless: { where } }
  }
}

const nothing: Rest = { kind: 'nothing' }

const keyOf = ({ reference: { model, field }, value }: NamedValue): string =>
  JSON.stringify([model, field, value])

type Names = (model: string, data: unknown) => boolean

/** The data with every branch below it, that names nobody and need not be taken, cut off. */
function cutData(models: Knowledge['models'], model: string, data: unknown, names: Names): unknown {
  if (Array.isArray(data)) return data.map((one) => cutData(models, model, one, names))
  if (!isRecord(data)) return data
  const relations = models[model]?.relations ?? {}
  return Object.fromEntries(
    Object.entries(data).map(([key, written]) => {
      const related = relations[key]
      return [key, related === undefined ? written : cutNested(models, related, written, names)]
    }),
  )
}

function cutNested(models: Knowledge['models'], model: string, written: unknown, names: Names): unknown {
  if (!isRecord(written)) return written
  const { connectOrCreate, ...others } = written
  const nested: Record<string, unknown> = { ...others }
  for (const key of ['create', 'update']) {
    if (key in nested) nested[key] = cutData(models, model, nested[key], names)
  }
  if (connectOrCreate === undefined) return nested
  const [dead, alive] = parted(listOf(connectOrCreate), (one) => isRecord(one) && names(model, one.create))
  const connected = dead.map((one) => (isRecord(one) ? one.where : one))
  const isList = Array.isArray(connectOrCreate)
  if (alive.length > 0) nested.connectOrCreate = isList ? alive : alive[0]
  if (connected.length > 0) {
    const connect = 'connect' in nested ? [...listOf(nested.connect), ...connected] : connected
    nested.connect = isList || connect.length > 1 ? connect : connect[0]
  }
  return nested
}

function parted<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))]
}

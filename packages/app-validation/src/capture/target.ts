import { fitIdentifier } from '../references/identifier.ts'
import { type PlacedColumn, type PlacedReference, targetName } from '../references/placed.ts'

/** A column that references of other databases name. */
export interface Target extends PlacedColumn {
  /** Whether a RESTRICT reference is among them: its deletes are arbitrated. */
  readonly isRestricted: boolean
}

/** The referenced columns of one database, each once, in the order of the references. */
export function targetsIn(database: string, references: readonly PlacedReference[]): readonly Target[] {
  const ours = references.filter(({ target }) => target.database === database)
  const groups = Map.groupBy(ours, ({ target }) => targetName(target))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first
      ? [{ ...first.target, isRestricted: group.some(({ onDelete }) => onDelete === 'Restrict') }]
      : []
  })
}

export type CaptureKind = 'capture' | 'reuse' | 'restrict' | 'moved'

export const functionName = (kind: CaptureKind, { schema, table, column }: PlacedColumn): string =>
  fitIdentifier(`${kind} ${schema}.${table}.${column}`)

export const triggerName = (kind: string, { column }: PlacedColumn): string =>
  fitIdentifier(`integrity_${kind}_${column}`)

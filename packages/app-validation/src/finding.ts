import type { Explanation } from '@manybase/failure'
import type { Position } from './prisma-schema/schema.ts'

/** Something that a checking command found, as data: what is wrong, where, why that matters, how to mend it. */
export interface Finding<K extends string = string, M extends object = object> extends Explanation {
  readonly kind: K
  readonly position: Position
  readonly meta: Readonly<M>
}

/** Declares a kind of finding; the function that it returns makes one. */
export function defineFinding<K extends `${string}.${string}`, M extends object>(
  kind: K,
  explain: (meta: M) => Explanation,
) {
  return (position: Position, meta: M): Finding<K, M> =>
    Object.freeze({ kind, position, ...explain(meta), meta })
}

/** `file:line:column  kind`, then what, why and fix, indented. */
export function renderFinding({ kind, position, what, why, fix }: Finding): string {
  const { file, line, column } = position
  return [`${file}:${line}:${column}  ${kind}`, `  ${what}`, `  why  ${why}`, `  fix  ${fix}`].join('\n')
}

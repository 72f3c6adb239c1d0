import type { Explanation } from '@manybase/failure'

/** One explanation for each kind of a union of findings. */
export type ExplanationsOf<F extends { readonly kind: string }> = {
  readonly [K in F['kind']]: (finding: Extract<F, { readonly kind: K }>) => Explanation
}

/** What can stand at the cursor. */
export interface Candidate {
  readonly value: string
  /** A few words for shells that show them. */
  readonly description?: string
}

/** The candidates, or that the shell knows better. */
export type Candidates = readonly Candidate[] | 'files'

/** Values of a list: what stands before the last comma stays, and nothing is offered twice. */
export function inList(typed: string, candidates: readonly Candidate[]): readonly Candidate[] {
  const before = typed.slice(0, typed.lastIndexOf(',') + 1)
  const taken = new Set(before.split(','))
  return withPrefix(
    before,
    candidates.filter(({ value }) => !taken.has(value)),
  )
}

export const startingWith = (typed: string, candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(({ value }) => value.startsWith(typed))

export const withPrefix = (prefix: string, candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.map((each) => ({ ...each, value: `${prefix}${each.value}` }))

/** Lines for a shell's script: the value, a tab and the description; in the end `:values`, or `:files`. */
export function renderCandidates(candidates: Candidates): readonly string[] {
  if (candidates === 'files') return [':files']
  return [...candidates.map(({ value, description = '' }) => `${value}\t${description}`), ':values']
}

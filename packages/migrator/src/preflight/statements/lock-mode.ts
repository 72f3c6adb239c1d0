/** PostgreSQL's table locks, weakest first. Source: its manual, "Explicit Locking". */
export const lockModes = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const

export type LockMode = (typeof lockModes)[number]

/** For each mode the weakest one that it conflicts with; all stronger ones conflict too. */
const conflictsFrom: Readonly<Record<LockMode, LockMode>> = {
  'ACCESS SHARE': 'ACCESS EXCLUSIVE',
  'ROW SHARE': 'EXCLUSIVE',
  'ROW EXCLUSIVE': 'SHARE',
  'SHARE UPDATE EXCLUSIVE': 'SHARE UPDATE EXCLUSIVE',
  SHARE: 'ROW EXCLUSIVE',
  'SHARE ROW EXCLUSIVE': 'ROW EXCLUSIVE',
  EXCLUSIVE: 'ROW SHARE',
  'ACCESS EXCLUSIVE': 'ACCESS SHARE',
}

const strength = (mode: LockMode): number => lockModes.indexOf(mode)

export const stronger = (one: LockMode, other: LockMode): LockMode =>
  strength(one) >= strength(other) ? one : other

/** Two sessions can hold SHARE at once, and nothing else that is as strong. */
export const conflict = (one: LockMode, other: LockMode): boolean =>
  strength(other) >= strength(conflictsFrom[one]) && !(one === 'SHARE' && other === 'SHARE')

/** As pg_locks writes it: `AccessExclusiveLock`. */
export const fromPgLocks = (mode: string): LockMode | undefined =>
  lockModes.find((each) => each.replaceAll(' ', '') === mode.replace(/Lock$/, '').toUpperCase())

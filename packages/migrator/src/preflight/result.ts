/** What a check has come to for one database. */
export interface Result {
  readonly check: string
  readonly database: string
  /** `unknown`: it can't be seen from here, or by this role; that is neither good nor bad. */
  readonly status: 'ok' | 'unknown' | 'warning' | 'failed'
  readonly what: string
  /** Both are there for a warning and a failure. */
  readonly why?: string
  readonly fix?: string
}

/** A finding before it is known by which check and for which database. */
export type Remark = Omit<Result, 'check' | 'database'>

export const ok = (what: string): Remark => ({ status: 'ok', what })
export const unknown = (what: string): Remark => ({ status: 'unknown', what })
export const warning = (what: string, why: string, fix: string): Remark => ({
  status: 'warning',
  what,
  why,
  fix,
})
export const failed = (what: string, why: string, fix: string): Remark => ({
  status: 'failed',
  what,
  why,
  fix,
})

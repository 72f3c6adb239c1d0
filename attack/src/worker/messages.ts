import type { Row } from '../place/tables.ts'

/** How a transaction is made; each is a way past a naive check. */
export interface Manner {
  readonly isolation: 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE'
  /** Milliseconds before the write, after the transaction has its snapshot, and before the COMMIT. */
  readonly before: number
  readonly after: number
  /** `lent`: with a snapshot that another transaction exported, after which that one ends. */
  readonly snapshot: 'own' | 'lent'
  /** `prepared`: in two phases, the second in another session. */
  readonly commit: 'plain' | 'prepared' | 'rolled back'
  readonly durable: boolean
  /** Writes once in a subtransaction that is rolled back, whatever comes of it, and then in one that isn't. */
  readonly savepoints: boolean
}

/** Kinds of statements that make rows, and that give rows another first value. */
export const insertions = ['insert', 'select', 'copy', 'conflict', 'merge'] as const
export const changes = ['update', 'from', 'conflict', 'merge'] as const
export type Statement = (typeof insertions)[number] | (typeof changes)[number]

/** How Prisma is asked to write projects. */
export const forms = ['create', 'createMany', 'nested', 'upsert', 'update', 'batch', 'transaction'] as const

/** What a worker is to do. */
export type Task = { readonly table: string; readonly rows: readonly Row[] } & (
  | {
      readonly kind: 'prisma'
      readonly form: (typeof forms)[number]
      readonly mode: 'locked' | 'checked' | 'off'
    }
  | { readonly kind: 'raw'; readonly statement: Statement; readonly manner: Manner }
)

/** What became of it. */
export type Outcome =
  | { readonly kind: 'committed' }
  | { readonly kind: 'rolled back' }
  /** Refused: `ids` are not there, or were deleted; empty when it wasn't said which. */
  | { readonly kind: 'missing'; readonly ids: readonly string[] }
  /** Refused for the moment. */
  | { readonly kind: 'retry'; readonly why: string }
  /** Whether it was committed isn't known. */
  | { readonly kind: 'lost'; readonly why: string }

export interface Asked {
  readonly number: number
  readonly task: Task
}

export interface Answered {
  readonly number: number
  readonly outcome: Outcome
}

/** What a worker needs, in its environment as JSON. */
export interface Setting {
  readonly auth: string
  readonly specs: string
  /** false: looks whether an id is there, and then writes. */
  readonly guarded: boolean
}

export const settingVariable = 'MANYBASE_ATTACK'

export const isAsked = (message: unknown): message is Asked =>
  typeof message === 'object' && message !== null && 'number' in message && 'task' in message

export const isAnswered = (message: unknown): message is Answered =>
  typeof message === 'object' && message !== null && 'number' in message && 'outcome' in message

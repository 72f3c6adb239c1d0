import type { Explanation } from '@manybase/failure'
import type { Difference } from '../drift/compare.ts'
import type { Danger } from './statements/danger.ts'
import type { LockMode } from './statements/lock-mode.ts'

/** All that the checks of one database look at: read once, then judged without touching anything. */
export interface Facts {
  readonly database: string
  /** Directory names of what would be applied, in this order; empty when the plan is blocked. */
  readonly pending: readonly string[]
  /** What is wrong with history, ledger, files or plan. */
  readonly findings: readonly (Explanation & { readonly kind: string })[]
  /** Whether a pending script makes PostgreSQL schemas. */
  readonly createsSchema: boolean
  readonly server: ServerFacts
  /** Of the statements that would be run. */
  readonly dangers: readonly Danger[]
  /** Undefined when it wasn't asked for. */
  readonly drift?: readonly Difference[] | Explanation
  /** Undefined when nobody should look for one. */
  readonly backup?: BackupFacts
  readonly limits: Limits
}

/** The newest whole backup of the database, where `db backup` keeps them. */
export interface BackupFacts {
  readonly folder: string
  readonly newest: {
    readonly directory: string
    readonly seconds: number
    /** Where the database stood, by the ids of its heads. */
    readonly current: readonly string[]
  } | null
  /** Where it stands now. */
  readonly current: readonly string[]
}

export interface Limits {
  /** Milliseconds after which a transaction counts as long. */
  readonly longTransaction: number
  /** Milliseconds after which a backup counts as old. */
  readonly backupAge: number
  /** Rows from which a table counts as big. */
  readonly bigTable: number
}

export interface ServerFacts {
  readonly version: { readonly major: number; readonly text: string }
  /** The majors of the other databases of this run. */
  readonly otherMajors: readonly { readonly database: string; readonly major: number }[]
  readonly standby: boolean
  readonly readOnly: boolean
  readonly role: RoleFacts
  readonly tables: readonly TableFacts[]
  readonly extensions: readonly ExtensionFacts[]
  /** Sees other roles' sessions: a superuser, or a member of pg_read_all_stats. */
  readonly seesAll: boolean
  readonly transactions: readonly TransactionFacts[]
  readonly prepared: readonly { readonly name: string; readonly seconds: number }[]
  /** Another migrator at work. */
  readonly migrator: string | null
  readonly standbys: readonly StandbyFacts[]
  readonly slots: readonly SlotFacts[]
  readonly invalidIndexes: readonly { readonly index: string; readonly table: string }[]
  readonly unvalidated: readonly { readonly constraint: string; readonly table: string }[]
  readonly wraparound: WraparoundFacts
  /** Of the tightest limit: the server's, the database's or the role's. */
  readonly connections: { readonly used: number; readonly available: number; readonly limit: string }
  readonly disk: DiskFacts
}

export interface RoleFacts {
  readonly name: string
  readonly superuser: boolean
  /** The history's PostgreSQL schema exists, and this role may create in it. */
  readonly schemaExists: boolean
  readonly createInSchema: boolean
  /** May make PostgreSQL schemas and trusted extensions. */
  readonly createInDatabase: boolean
}

/** A table that pending scripts touch and that is there already. */
export interface TableFacts {
  /** As SQL writes it: `public.users`. */
  readonly name: string
  /** The strongest lock that a script takes on it. */
  readonly lock: LockMode
  /** Whether a script changes its definition, which its owner alone may do. */
  readonly altered: boolean
  readonly owner: string
  readonly mayAlter: boolean
  readonly rows: number
  readonly bytes: number
  /** Other sessions whose locks stand in the way. */
  readonly holders: readonly HolderFacts[]
}

export interface HolderFacts {
  readonly pid: number
  readonly application: string
  readonly mode: string
  /** Since its transaction began; null where this role may not see that. */
  readonly seconds: number | null
}

/** An extension that a pending script creates. */
export interface ExtensionFacts {
  readonly name: string
  readonly available: boolean
  readonly installed: boolean
  /** A role that may create in the database may create it. */
  readonly trusted: boolean
}

export interface TransactionFacts {
  readonly pid: number
  readonly application: string
  readonly user: string
  readonly state: string
  readonly seconds: number
}

export interface StandbyFacts {
  readonly name: string
  readonly state: string
  readonly lagBytes: number | null
  readonly lagSeconds: number | null
}

export interface SlotFacts {
  readonly name: string
  readonly active: boolean
  readonly retainedBytes: number | null
  readonly walStatus: string | null
}

/** Ages in transactions, and the ages at which PostgreSQL starts to freeze by itself. */
export interface WraparoundFacts {
  readonly transactions: number
  readonly transactionLimit: number
  readonly multixacts: number
  readonly multixactLimit: number
}

export interface DiskFacts {
  readonly databaseBytes: number
  /** Of the file system with the data, where the server runs on this machine and lets its place be seen. */
  readonly free: { readonly bytes: number; readonly total: number } | null
}

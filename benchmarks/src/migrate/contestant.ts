import type { Command } from '../measure.ts'

/** One database as a contestant meets it: its own copy, reached by `url`. */
export interface Subject {
  /** The catalog's name for it. */
  readonly name: string
  /** The variable that the catalog reads the URL from. */
  readonly variable: string
  readonly url: string
  /** The package that owns the database. */
  readonly directory: string
  readonly migrations: string
}

export interface Setup {
  /** The repository. */
  readonly root: string
  /** A folder of the contestant's own, for the files that it needs. */
  readonly folder: string
  readonly subjects: readonly Subject[]
  /** What every program gets: the URLs in the catalog's variables, and nothing of the surrounding process. */
  readonly env: Readonly<Record<string, string>>
}

export type Preparation =
  | {
      readonly kind: 'ready'
      readonly version: string
      /** The same for empty databases and for nothing to do. */
      readonly up: Command
      /** From head to empty; undefined where there is no way back. */
      readonly down: Command | undefined
    }
  | { readonly kind: 'missing'; readonly why: string }

/** Contestants of a group pay for the same things around them, and are held against the floors of that group. */
export type Group = 'direct' | 'pnpm'

/** A way to bring the databases to head, and back. */
export interface Contestant {
  /** Part of its databases' names. */
  readonly key: string
  readonly label: string
  readonly group: Group
  readonly role: 'floor' | 'ours' | 'other'
  /** The table in which it keeps what is applied, so that a second run does nothing; undefined when it keeps none. */
  readonly ledger: string | undefined
  prepare(setup: Setup): Promise<Preparation>
}

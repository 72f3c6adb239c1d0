import type { Values } from './place/tables.ts'

/** A row that was committed, or refused, and what was known then of those it names. */
export interface Written {
  readonly table: string
  readonly id: string
  readonly values: Values
  /** The life that each of them was in when the write began; null where it names nobody. */
  readonly lives: readonly (number | null)[]
}

/** A write that was refused because somebody isn't there. */
export interface Refused {
  readonly rows: readonly Written[]
  /** Who isn't there; empty when it wasn't said. */
  readonly missing: readonly string[]
}

/** What the attack remembers of each write, to compare with what is there at the end. */
export interface Book {
  readonly written: ReadonlyMap<string, Written>
  readonly refused: readonly Refused[]
  write(row: Written): void
  /** Takes a row out that somebody is changing. */
  take(id: string): Written | undefined
  /** Rows that were written not long ago and are in the book. */
  recent(): readonly Written[]
  refuse(write: Refused): void
  /** What happened to an id, for who has to find out why. */
  note(id: string, what: string): void
  historyOf(id: string): readonly string[]
  /** Forgets everything about somebody who won't come back. */
  forget(id: string): void
}

/** The last of what happened to one id is enough to explain it. */
const noteLimit = 60
const recentLimit = 500

export function makeBook(): Book {
  const written = new Map<string, Written>()
  let refused: Refused[] = []
  const recent: string[] = []
  const notes = new Map<string, string[]>()
  const begin = performance.now()
  return {
    written,
    get refused() {
      return refused
    },
    write: (row) => {
      written.set(row.id, row)
      recent.push(row.id)
      if (recent.length > recentLimit) recent.shift()
    },
    take: (id) => {
      const row = written.get(id)
      written.delete(id)
      return row
    },
    recent: () => recent.flatMap((id) => written.get(id) ?? []),
    refuse: (write) => {
      refused.push(write)
    },
    note: (id, what) => {
      const known = notes.get(id) ?? []
      known.push(`${((performance.now() - begin) / 1000).toFixed(3)} ${what}`)
      if (known.length > noteLimit) known.shift()
      notes.set(id, known)
    },
    historyOf: (id) => notes.get(id) ?? [],
    forget: (id) => {
      notes.delete(id)
      for (const row of written.values()) if (row.values[0] === id) written.delete(row.id)
      refused = refused.filter(({ rows }) => !rows.some(({ values }) => values.includes(id)))
    },
  }
}

/** A promise that was broken. */
export interface Violation {
  readonly kind: /** A row names somebody who isn't there. */
    | 'orphan'
    /** A committed row is gone or emptied, though everybody whom it named is there. */
    | 'lost'
    /** A write was refused since somebody isn't there, who was there throughout. */
    | 'false-refusal'
    /** A deleted id is there again without being revived. */
    | 'recreated'
    /** The sweep came to its end and left something. */
    | 'unswept'
    /** The receipts don't verify. */
    | 'receipts'
    /** A sweeper or a migration ended as none may, whatever is broken around it. */
    | 'command'
    /** A living user can't be named once all is well. */
    | 'unwritable'
  readonly what: string
  /** What happened to the id, each with the seconds since the beginning. */
  readonly history: readonly string[]
}

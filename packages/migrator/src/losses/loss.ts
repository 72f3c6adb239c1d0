/** Something that a script takes away with its rows. */
export type Loss =
  | (Where & { readonly kind: 'table' | 'rows'; readonly count: Count })
  | (Where & { readonly kind: 'column'; readonly column: string; readonly count: Count })
  | {
      readonly kind: 'unreadable'
      readonly database: string
      readonly revision: string
      /** What runs code of its own: `a DO block`, `purge()`. */
      readonly code: string
    }

interface Where {
  readonly database: string
  /** As it is written in SQL, with its schema where that isn't the history's own. */
  readonly table: string
}

/** How many rows there are, or values in a column. */
export interface Count {
  readonly number: number
  /** From statistics, since counting would have taken too long. */
  readonly estimated: boolean
}

/** `table users of socrates_auth (1,204 rows)` */
export function describeLoss(loss: Loss): string {
  switch (loss.kind) {
    case 'table':
      return `table ${loss.table} of ${loss.database} (${say(loss.count, 'row')})`
    case 'rows':
      return `rows of ${loss.table} of ${loss.database} (it has ${say(loss.count, 'row')})`
    case 'column':
      return `column ${loss.table}.${loss.column} of ${loss.database} (${say(loss.count, 'value')})`
    case 'unreadable':
      return `whatever ${loss.code} in ${loss.revision} of ${loss.database} deletes: it may be more than is named here, since its code can't be read from outside`
  }
}

const say = ({ number, estimated }: Count, noun: string): string =>
  `${estimated ? 'about ' : ''}${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`

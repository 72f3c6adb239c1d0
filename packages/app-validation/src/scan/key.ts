import { baseType } from '../prisma-schema/type.ts'

/**
 * How the ids of a type are put in order and sent, so that two servers and this process agree: compared byte by
 * byte, keys come in the order in which the servers sort them.
 */
export interface KeyKind {
  /** The expression to sort and compare by. An index on the column has this order; of text one with the collation "C". */
  readonly order: (expression: string) => string
  /** What is sent of such an expression. */
  readonly sent: (key: string) => string
  /** The id as PostgreSQL writes it as text. */
  readonly toText: (key: Buffer) => string
  /** Whether the index of a column needs the collation "C" to have this order. */
  readonly isText: boolean
  /** How many are read in one transaction: for so many, a server works some 50 ms. */
  readonly pageSize: number
}

const plain = (expression: string): string => expression

const uuid: KeyKind = {
  order: plain,
  sent: plain,
  toText: (key) => key.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  isText: false,
  pageSize: 100_000,
}

/** With the sign turned over, so that negative numbers come first. */
const integer: KeyKind = {
  order: plain,
  sent: (key) => `${key}::bigint # (-9223372036854775808)`,
  toText: (key) => BigInt.asIntN(64, key.readBigUInt64BE() ^ (1n << 63n)).toString(),
  isText: false,
  pageSize: 100_000,
}

/** Everything else goes by its text, as the tables of the schema `integrity` do. It may be long. */
const text: KeyKind = {
  order: (expression) => `${expression}::text COLLATE "C"`,
  sent: plain,
  toText: (key) => key.toString('utf8'),
  isText: true,
  pageSize: 20_000,
}

const kinds: Readonly<Record<string, KeyKind>> = { uuid, smallint: integer, integer, bigint: integer }

/** @param type of the referencing column, as PostgreSQL names it */
export const keyKind = (type: string): KeyKind => kinds[baseType(type)] ?? text

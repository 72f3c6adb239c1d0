import { baseType } from '../prisma-schema/type.ts'

/**
 * How the ids of a type are put in order and sent, so that two servers and this process agree: compared byte by
 * byte, keys come in the order in which the servers sort them.
 */
export interface KeyKind {
  /** The expression to sort and compare by. An index on the column has this order; of text one with the collation "C". */
  readonly order: (expression: string) => string
  /** The aggregate of the column `key` that is sent, as bytea; `sorted` where the rows come in no order. */
  readonly pack: (sorted?: 'sorted') => string
  /** How many bytes each key has; undefined where that differs, and the keys come as an array. */
  readonly width: number | undefined
  /** The id as PostgreSQL writes it as text. */
  readonly toText: (key: Buffer) => string
  /** How many are read in one transaction: for so many a server works some 20 ms, and larger pages are no quicker. */
  readonly pageSize: number
}

const plain = (expression: string): string => expression
const orderBy = (sorted?: 'sorted') => (sorted ? ' ORDER BY key' : '')

/** Bytes one after the other are put together in less time than an array. */
const joined = (bytes: string) => (sorted?: 'sorted') => `string_agg(${bytes}, ''::bytea${orderBy(sorted)})`

const uuid: KeyKind = {
  order: plain,
  pack: joined('uuid_send(key)'),
  width: 16,
  toText: (key) => key.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  pageSize: 25_000,
}

/** With the sign turned over, so that negative numbers come first. */
const integer: KeyKind = {
  order: plain,
  pack: joined('int8send(key::bigint # (-9223372036854775808))'),
  width: 8,
  toText: (key) => BigInt.asIntN(64, key.readBigUInt64BE() ^ (1n << 63n)).toString(),
  pageSize: 25_000,
}

/** Everything else goes by its text, as the tables of the schema `integrity` do. It may be long. */
const text: KeyKind = {
  order: (expression) => `${expression}::text COLLATE "C"`,
  pack: (sorted) => `array_send(array_agg(key${orderBy(sorted)}))`,
  width: undefined,
  toText: (key) => key.toString('utf8'),
  pageSize: 10_000,
}

const kinds: Readonly<Record<string, KeyKind>> = { uuid, smallint: integer, integer, bigint: integer }

/** @param type of the referencing column, as PostgreSQL names it */
export const keyKind = (type: string): KeyKind => kinds[baseType(type)] ?? text

import { baseType } from '../prisma-schema/type.ts'

/**
 * How the ids of a type are put in order and sent, so that two servers and this process agree: compared byte by
 * byte, keys come in the order in which the servers sort them.
 */
export interface KeyKind {
  /** The expression to sort and compare by. An index on the column has this order; of text one with the collation "C". */
  readonly order: (expression: string) => string
  /** The bytes of such an expression, of text with their number before them. */
  readonly bytes: (key: string) => string
  /** How many bytes each key has; undefined where that differs. */
  readonly width?: number
  /** The id as PostgreSQL writes it as text. */
  readonly toText: (key: Buffer) => string
}

const plain = (expression: string): string => expression

const uuid: KeyKind = {
  order: plain,
  bytes: (key) => `uuid_send(${key})`,
  width: 16,
  toText: (key) => key.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
}

/** With the sign turned over, so that negative numbers come first. */
const integer: KeyKind = {
  order: plain,
  bytes: (key) => `int8send(${key}::bigint # (-9223372036854775808))`,
  width: 8,
  toText: (key) => BigInt.asIntN(64, key.readBigUInt64BE() ^ (1n << 63n)).toString(),
}

/** Everything else goes by its text, as the tables of the schema `integrity` do. */
const text: KeyKind = {
  order: (expression) => `${expression}::text COLLATE "C"`,
  bytes: (key) => `int4send(octet_length(convert_to(${key}, 'UTF8'))) || convert_to(${key}, 'UTF8')`,
  toText: (key) => key.toString('utf8'),
}

const kinds: Readonly<Record<string, KeyKind>> = { uuid, smallint: integer, integer, bigint: integer }

/** @param type of the referencing column, as PostgreSQL names it */
export const keyKind = (type: string): KeyKind => kinds[baseType(type)] ?? text

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Duplex, PassThrough, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib'
import type { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { type CopyFormat, makeRowsDigester, type RowsDigest, type RowsDigester } from './digest.ts'
import type { Compression } from './manifest.ts'

/** What COPY is told of a table. `name` and `columns` are quoted. */
export interface CopyPlan {
  readonly name: string
  readonly columns: readonly string[]
  readonly copy: CopyFormat
}

/** Chunks of a server come as small as a network packet; a file is written in larger ones. */
const fileChunk = 1 << 18

const suffixes: Readonly<Record<Compression, string>> = { zstd: '.zst', gzip: '.gz', none: '' }
export const suffixOf = (compression: Compression): string => suffixes[compression]

const compressor: Readonly<Record<Compression, () => Duplex>> = {
  zstd: () => createZstdCompress({ chunkSize: fileChunk }),
  gzip: () => createGzip({ chunkSize: fileChunk, level: 1 }),
  none: () => new PassThrough(),
}

const decompressor: Readonly<Record<Compression, () => Duplex>> = {
  zstd: () => createZstdDecompress({ chunkSize: fileChunk }),
  gzip: () => createGunzip({ chunkSize: fileChunk }),
  none: () => new PassThrough(),
}

const listOf = ({ columns }: CopyPlan) => (columns.length > 0 ? ` (${columns.join(', ')})` : '')

const readFrom = (plan: CopyPlan) =>
  copyTo(`COPY ${plan.name}${listOf(plan)} TO STDOUT (FORMAT ${plan.copy})`)

/** Hands chunks on and tells each to `tell`. */
const tap = (tell: (chunk: Buffer) => void): Transform =>
  new Transform({
    transform(chunk: Buffer, _, done) {
      tell(chunk)
      done(null, chunk)
    },
  })

/** Writes a table's rows to a file that is on disk when this resolves. `sha256` is that of the file. */
export async function saveRows(
  client: Client,
  plan: CopyPlan,
  path: string,
  compression: Compression,
): Promise<RowsDigest & { readonly sha256: string }> {
  const digester = makeRowsDigester(plan.copy)
  const sha256 = createHash('sha256')
  await pipeline(
    client.query(readFrom(plan)),
    tap((chunk) => digester.push(chunk)),
    compressor[compression](),
    tap((chunk) => sha256.update(chunk)),
    createWriteStream(path, { flush: true, flags: 'wx', mode: 0o600 }),
  )
  return { ...digester.end(), sha256: sha256.digest('hex') }
}

/** Loads a file into a table that the running transaction has emptied, and so may freeze. */
export async function loadRows(
  client: Client,
  plan: CopyPlan,
  path: string,
  compression: Compression,
): Promise<void> {
  const sql = `COPY ${plan.name}${listOf(plan)} FROM STDIN (FORMAT ${plan.copy}, FREEZE)`
  await pipeline(
    createReadStream(path, { highWaterMark: fileChunk }),
    decompressor[compression](),
    client.query(copyFrom(sql)),
  )
}

/** Digests the rows that a table has. */
export async function digestRows(client: Client, plan: CopyPlan): Promise<RowsDigest> {
  const digester = makeRowsDigester(plan.copy)
  await pipeline(client.query(readFrom(plan)), sinkOf(digester))
  return digester.end()
}

const sinkOf = (digester: RowsDigester): Writable =>
  new Writable({
    write(chunk: Buffer, _, done) {
      digester.push(chunk)
      done()
    },
  })

/** Puts on disk what a directory says of its entries. */
export async function flushDirectory(path: string): Promise<void> {
  // Windows knows no such thing for directories.
  if (process.platform === 'win32') return
  const directory = await open(path)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

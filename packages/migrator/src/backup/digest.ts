import { hash } from 'node:crypto'

/** How COPY writes rows. Text is for columns whose binary form names objects by their oid in this one database. */
export type CopyFormat = 'binary' | 'text'

/** What a table's rows come to, whatever their order. */
export interface RowsDigest {
  readonly rows: number
  /** Of the COPY stream. */
  readonly bytes: number
  /** Sum of the rows' SHA-256, word by word modulo 2³², in hex. */
  readonly digest: string
}

export interface RowsDigester {
  /** A chunk of the COPY stream, cut anywhere. */
  push(chunk: Buffer): void
  end(): RowsDigest
}

/**
 * Digests the output of COPY row by row. The digests are added up, since PostgreSQL promises no order of rows: a
 * table that was loaded again, or that two scans read at once, may come in another one.
 */
export function makeRowsDigester(format: CopyFormat): RowsDigester {
  const sum = new Uint32Array(8)
  const takeRows = format === 'binary' ? binaryRows() : textRows
  let [rows, bytes] = [0, 0]
  let pending: Buffer[] = []
  let [have, need] = [0, 1]
  const add = (row: Buffer) => {
    const digest = hash('sha256', row, 'buffer')
    for (let word = 0; word < 8; word++) sum[word] = (sum[word] ?? 0) + digest.readUInt32LE(word * 4)
    rows += 1
  }
  const take = () => {
    const buffer = pending.length === 1 ? (pending[0] ?? Buffer.alloc(0)) : Buffer.concat(pending)
    const { taken, wanted } = takeRows(buffer, add)
    pending = [buffer.subarray(taken)]
    have = buffer.length - taken
    need = wanted
  }
  return {
    push(chunk) {
      bytes += chunk.length
      pending.push(chunk)
      have += chunk.length
      // A row may be as long as a gigabyte: it is not put together anew with every chunk.
      if (have >= need) take()
    },
    end() {
      take()
      if (have > 0) throw new Error(`a COPY stream ended inside a row, ${have} bytes before its end`)
      const words = Buffer.alloc(32)
      for (const [word, value] of sum.entries()) words.writeUInt32LE(value, word * 4)
      return { rows, bytes, digest: words.toString('hex') }
    },
  }
}

/** How many bytes were whole rows, and how many must be there from then on before another look is worth it. */
interface Taken {
  readonly taken: number
  readonly wanted: number
}

/** A newline inside a value is written as `\n`, so each one ends a row. */
function textRows(buffer: Buffer, add: (row: Buffer) => void): Taken {
  let start = 0
  for (let end = buffer.indexOf(10); end !== -1; end = buffer.indexOf(10, start)) {
    add(buffer.subarray(start, end))
    start = end + 1
  }
  return { taken: start, wanted: 2 * (buffer.length - start) }
}

const [signature, trailer] = [11, -1]

/** Source: PostgreSQL's manual, COPY, "Binary Format". */
function binaryRows() {
  let inHeader = true
  return (buffer: Buffer, add: (row: Buffer) => void): Taken => {
    let start = 0
    if (inHeader) {
      const length = signature + 8
      const extension = buffer.length < length ? 0 : buffer.readInt32BE(length - 4)
      if (buffer.length < length + extension) return { taken: 0, wanted: length + extension }
      inHeader = false
      start = length + extension
    }
    for (;;) {
      const { end, complete } = rowEnd(buffer, start)
      if (!complete) return { taken: start, wanted: end - start }
      if (buffer.readInt16BE(start) !== trailer) add(buffer.subarray(start, end))
      start = end
    }
  }
}

/** Where a row ends; or, when not all of it is there, where it ends at the earliest. */
function rowEnd(buffer: Buffer, start: number): { readonly end: number; readonly complete: boolean } {
  let end = start + 2
  if (buffer.length < end) return { end, complete: false }
  const fields = buffer.readInt16BE(start)
  for (let field = 0; field < fields; field++) {
    if (buffer.length < end + 4) return { end: end + 4, complete: false }
    const length = buffer.readInt32BE(end)
    end += 4 + Math.max(0, length)
    if (buffer.length < end) return { end, complete: false }
  }
  return { end, complete: true }
}

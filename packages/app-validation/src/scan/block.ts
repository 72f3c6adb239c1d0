/** Keys in ascending order: the bytes of number `n` lie from `starts[n]` to `ends[n]`. */
export interface KeyBlock {
  readonly bytes: Buffer
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

export const keyAt = ({ bytes, starts, ends }: KeyBlock, index: number): Buffer =>
  bytes.subarray(starts[index], ends[index])

/** Takes apart what a server has put together: keys of a width one after the other, or an array; nothing is no keys. */
export function unpack(packed: Buffer | null | undefined, width: number | undefined): KeyBlock {
  const bytes = packed ?? Buffer.alloc(0)
  return width === undefined ? unpackArray(bytes) : unpackFixed(bytes, width)
}

function unpackFixed(bytes: Buffer, width: number): KeyBlock {
  const count = bytes.length / width
  const [starts, ends] = [new Uint32Array(count), new Uint32Array(count)]
  for (let index = 0; index < count; index++) {
    starts[index] = index * width
    ends[index] = (index + 1) * width
  }
  return { bytes, starts, ends }
}

/** Dimensions, flags, type, number of elements, lower bound: four bytes each. */
const headerLength = 20

/** An array of PostgreSQL in its binary format, with no element null. */
function unpackArray(bytes: Buffer): KeyBlock {
  const count = bytes.length > headerLength ? bytes.readInt32BE(12) : 0
  const [starts, ends] = [new Uint32Array(count), new Uint32Array(count)]
  let end = headerLength
  for (let index = 0; index < count; index++) {
    const start = end + 4
    end = start + bytes.readInt32BE(end)
    starts[index] = start
    ends[index] = end
  }
  return { bytes, starts, ends }
}

/**
 * How the two keys stand to each other: less than, equal to or more than zero. In JavaScript, since calls of
 * `Buffer.compare` for keys this short cost more than the comparison.
 */
export function compareKeys(a: KeyBlock, index: number, b: KeyBlock, place: number): number {
  const [mine, others] = [a.bytes, b.bytes]
  let at = a.starts[index] ?? 0
  let there = b.starts[place] ?? 0
  const end = a.ends[index] ?? 0
  const thereEnd = b.ends[place] ?? 0
  while (at < end && there < thereEnd) {
    const difference = (mine[at++] ?? 0) - (others[there++] ?? 0)
    if (difference !== 0) return difference
  }
  return end - at - (thereEnd - there)
}

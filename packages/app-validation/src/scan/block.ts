/** Keys in ascending order, one after the other in `bytes`: that of number `n` ends at `ends[n]`. */
export interface KeyBlock {
  readonly bytes: Buffer
  readonly ends: readonly number[]
}

export const keyAt = ({ bytes, ends }: KeyBlock, index: number): Buffer =>
  bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index])

/** Takes keys apart that a server has put together: all of a width, or each with its length before it. */
export function unpack(packed: Buffer, width: number | undefined): KeyBlock {
  if (width !== undefined) {
    const count = packed.length / width
    return { bytes: packed, ends: Array.from({ length: count }, (_, index) => (index + 1) * width) }
  }
  const bytes = Buffer.allocUnsafe(packed.length)
  const ends: number[] = []
  let written = 0
  for (let start = 4; start <= packed.length; ) {
    const end = start + packed.readInt32BE(start - 4)
    written += packed.copy(bytes, written, start, end)
    ends.push(written)
    start = end + 4
  }
  return { bytes: bytes.subarray(0, written), ends }
}

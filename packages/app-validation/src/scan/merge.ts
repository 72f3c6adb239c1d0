import { compareKeys, type KeyBlock, keyAt } from './block.ts'

/**
 * Walks two ascending streams of keys side by side, in the memory of a block each, and hands on the keys of `named`
 * that `existing` doesn't have. Should the two servers sort differently after all, it hands on too many, and never
 * too few: a key is passed over only when it was met on both sides.
 */
export async function* missingKeys(
  named: AsyncIterable<KeyBlock>,
  existing: AsyncIterator<KeyBlock>,
): AsyncGenerator<readonly Buffer[]> {
  let known: KeyBlock | undefined
  let place = 0
  for await (const block of named) {
    const missing: Buffer[] = []
    for (let index = 0; index < block.ends.length; index++) {
      let order = 1
      while (order > 0) {
        if (known === undefined || place === known.ends.length) {
          const next = await existing.next()
          if (next.done) break
          known = next.value
          place = 0
          continue
        }
        order = compareKeys(block, index, known, place)
        if (order >= 0) place++
      }
      if (order !== 0) missing.push(keyAt(block, index))
    }
    if (missing.length > 0) yield missing
  }
}

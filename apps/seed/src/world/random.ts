/** A stream of numbers that its seed decides. */
export interface Random {
  /** Uniform in [0, 1). */
  unit(): number
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  /** One of them. @throws RangeError when there is none */
  pick<T>(values: readonly T[]): T
  /** One of them, as often as its weight says. @throws RangeError when there is none */
  weighted<T>(choices: readonly (readonly [value: T, weight: number])[]): T
  /** A UUID of version 4. */
  uuid(): string
  /** 64 hexadecimal digits, as a SHA-256 has. */
  digest(): string
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const quad = (word: number): string =>
  `${hex[word >>> 24]}${hex[(word >>> 16) & 255]}${hex[(word >>> 8) & 255]}${hex[word & 255]}`

/**
 * The stream of one thing: the same words give the same numbers, whatever was drawn elsewhere, so that a row
 * is the same whoever asks for it. sfc32 (PractRand, C. Doty-Humphrey), seeded through MurmurHash3's finalizer.
 */
export function randomOf(...words: readonly number[]): Random {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1]
  for (const word of words) {
    a = mix(a ^ word)
    b = mix(b + a)
    c = mix(c ^ Math.floor(word / 2 ** 32) ^ b)
  }
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < 8; round++) next()
  const unit = () => next() / 2 ** 32
  const pick = <T>(values: readonly T[]): T => {
    const picked = values[Math.floor(unit() * values.length)]
    if (picked === undefined) throw new RangeError('nothing to pick from')
    return picked
  }
  return {
    unit,
    integer: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    between: (low, high) => low + unit() * (high - low),
    chance: (probability) => unit() < probability,
    pick,
    weighted: (choices) => {
      let left = unit() * choices.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [value, weight] of choices) {
        left -= weight
        if (left < 0) return value
      }
      return pick(choices)[0]
    },
    uuid: () => {
      const [first, second, third, fourth] = [quad(next()), quad(next()), quad(next()), quad(next())]
      const variant = '89ab'[next() & 3]
      return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${third.slice(4)}${fourth}`
    },
    digest: () => Array.from({ length: 8 }, () => quad(next())).join(''),
  }
}

function mix(word: number): number {
  let mixed = word | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

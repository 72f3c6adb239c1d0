const [first, between] = [2_000, 10_000]

/** Passes on what is said of a wait, once it takes longer: after two seconds, and then every ten. */
export function patiently<T>(say: (said: T) => void): (said: T) => void {
  let next = performance.now() + first
  return (said) => {
    if (performance.now() < next) return
    next = performance.now() + between
    say(said)
  }
}

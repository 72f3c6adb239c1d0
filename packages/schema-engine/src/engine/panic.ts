/** Thrown when the engine met a bug of its own. Its instance is unusable afterwards. */
export class EnginePanic extends Error {
  override readonly name = 'EnginePanic'
}

interface PanicRegistry {
  set_message(message: string): void
}

declare global {
  // The name under which the engine's WebAssembly looks for a place to leave its last words.
  var PRISMA_WASM_PANIC_REGISTRY: PanicRegistry | undefined
}

let lastWords: string | undefined

/** Lets the engine leave its message before it traps; the trap itself says only "unreachable". */
export function listenForPanics(): void {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message(message) {
      lastWords = message
    },
  }
}

/** The panic behind an error, if it is one. */
export function panicOf(error: unknown): EnginePanic | undefined {
  if (!isTrap(error)) return undefined
  return new EnginePanic(lastWords ?? error.message, { cause: error })
}

/** By name: an error thrown in another realm (a test runner's) is no instance of this realm's class. */
function isTrap(error: unknown): error is Error {
  return error instanceof WebAssembly.RuntimeError || (isError(error) && error.name === 'RuntimeError')
}

function isError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && 'message' in error
}

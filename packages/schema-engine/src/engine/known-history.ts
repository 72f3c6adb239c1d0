/** The part of the engine that is needed here; it checks its parameters itself. */
interface Diagnosing {
  diagnoseMigrationHistory(params: unknown): Promise<unknown>
}

/** The two parameters that say which history is meant, in all methods that work on one. */
interface HistoryParams {
  readonly migrationsList: unknown
  readonly filters: unknown
}

/**
 * Runs a method that asks what schema a history leads to. The WebAssembly engine has no shadow database in
 * these methods, and answers only from what a diagnosis worked out before: the one at the start of
 * `migrate dev`, which knows nothing of the migrations that were applied after it. So the diagnosis is repeated
 * where the answer is missing. It covers the migrations that the ledger has as applied.
 */
export async function onKnownHistory<T>(
  engine: Diagnosing,
  { migrationsList, filters }: HistoryParams,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUnknownHistory(error)) throw error
    await engine.diagnoseMigrationHistory({ migrationsList, filters, optInToShadowDatabase: true })
    return await work()
  }
}

export function isUnknownHistory(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    String(error.message).includes('shadow DB must be provided through an external factory')
  )
}

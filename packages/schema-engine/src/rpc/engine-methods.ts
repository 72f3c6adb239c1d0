/** Methods whose parameters and results are the same in the native and in the WebAssembly engine. */
export const passThrough = [
  'applyMigrations',
  'dbExecute',
  'devDiagnostic',
  'diagnoseMigrationHistory',
  'ensureConnectionValidity',
  'introspect',
  'introspectSql',
  'markMigrationApplied',
  'markMigrationRolledBack',
  'reset',
  'schemaPush',
] as const

/** The engine as JSON-RPC uses it: it checks the shape of its parameters itself. */
export interface PassThrough extends Record<(typeof passThrough)[number], Untyped> {
  createMigration(params: unknown): Promise<unknown>
  evaluateDataLoss(params: unknown): Promise<unknown>
  diff(params: unknown): Promise<{ exitCode: number; stdout: string | null }>
  version(params: unknown): Promise<string>
  debugPanic(): void
}

interface UntypedMethod {
  call(params: unknown): Promise<unknown>
}
type Untyped = UntypedMethod['call']

import { errorCode, errorMessage } from '@manybase/failure'
import type { DiffTarget, MigrationList, SchemasContainer } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { createAdapterFactory, type Datasource } from './adapter/factory.ts'
import { knownError } from './adapter/known-error.ts'
import { createEngine, type SchemaFile } from './engine/engine.ts'
import { isUnknownHistory, onKnownHistory } from './engine/known-history.ts'
import { panicOf } from './engine/panic.ts'
import { enginePanicked, engineRefused } from './failures.ts'

/** One migration of a history, in the order of its name. */
export interface Migration {
  readonly name: string
  readonly script: string
}

/** One side of a comparison. */
export type Side =
  | { readonly kind: 'empty' }
  | { readonly kind: 'schema'; readonly files: readonly SchemaFile[] }
  /** What the scripts make of an empty database: needs a shadow database. */
  | { readonly kind: 'history'; readonly migrations: readonly Migration[] }
  /** The database of the engine's own URL, as it is now. */
  | { readonly kind: 'database' }

export interface Feedback {
  readonly message: string
  readonly step: number
}

export interface DataLoss {
  /** How many steps would bring the history to the schema. */
  readonly steps: number
  readonly warnings: readonly Feedback[]
  /** Steps that cannot succeed on the data as they are. */
  readonly unexecutable: readonly Feedback[]
}

export interface Introspection {
  readonly files: readonly SchemaFile[]
  readonly warnings: string | undefined
}

/** Prisma's schema engine at work on one database. All methods reject with `engine.refused`. */
export interface Engine extends AsyncDisposable {
  /** The SQL that turns `from` into `to`; empty when they are the same. */
  diffSql(from: Side, to: Side): Promise<string>
  /** The same for people, and whether there is any difference. */
  diffSummary(from: Side, to: Side): Promise<{ readonly text: string; readonly differs: boolean }>
  /** The database as a Prisma schema; `files` says which generators and datasource it begins with. */
  introspect(files: readonly SchemaFile[]): Promise<Introspection>
  /**
   * What applying the difference between history and schema would do to the data that are there. The ledger
   * must have exactly these migrations as applied.
   */
  evaluateDataLoss(migrations: readonly Migration[], files: readonly SchemaFile[]): Promise<DataLoss>
  /** The engine's own version and commit. */
  version(): Promise<string>
  close(): Promise<void>
}

export interface EngineSettings extends Datasource {
  /** The Prisma schema of the database; it names the PostgreSQL schemas that belong to it. */
  readonly schema?: readonly SchemaFile[]
}

const bareSchema: readonly SchemaFile[] = [
  ['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n'],
]

const noFilter = { externalTables: [], externalEnums: [] }

/** Starts an engine. It connects at once where the datasource has a URL, and works without one until it must. */
export async function openEngine({
  schema = bareSchema,
  ...datasource
}: EngineSettings = {}): Promise<Engine> {
  const factory = createAdapterFactory(datasource)
  const attempt = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    factory.takeProblem()
    try {
      return await work()
    } catch (error) {
      const panic = panicOf(error)
      if (panic) throw enginePanicked({ operation, reason: panic.message }, error)
      const problem = factory.takeProblem()
      const known = problem?.kind === 'connection' ? knownError(problem.error, problem.address) : undefined
      const code = known?.error_code ?? errorCode(error)
      const reason = isUnknownHistory(error)
        ? 'The history is not what the ledger of the database has as applied.'
        : (known?.message ?? errorMessage(error))
      throw engineRefused({ operation, reason, ...(code !== undefined && { code }) }, error)
    }
  }
  const engine = await attempt('start', () => createEngine({ schemas: schema, adapterFactory: factory }))
  const compare = (from: Side, to: Side, script: boolean) =>
    attempt('compare the two sides', () =>
      engine.diff({
        from: target(from, schema),
        to: target(to, schema),
        script,
        exitCode: true,
        filters: noFilter,
      }),
    )
  const close = () => factory.close()
  return {
    async diffSql(from, to) {
      const { exitCode, stdout } = await compare(from, to, true)
      return exitCode === differs ? (stdout ?? '') : ''
    },
    async diffSummary(from, to) {
      const { exitCode, stdout } = await compare(from, to, false)
      return { text: (stdout ?? '').trim(), differs: exitCode === differs }
    },
    async introspect(files) {
      const result = await attempt('read the database', () =>
        engine.introspect({
          schema: container(files),
          baseDirectoryPath: '.',
          force: false,
          compositeTypeDepth: -1,
          namespaces: null,
        }),
      )
      return {
        files: result.schema.files.map(({ path, content }) => [path, content] as const),
        warnings: result.warnings ?? undefined,
      }
    },
    async evaluateDataLoss(migrations, files) {
      const params = {
        migrationsList: list(migrations),
        schema: container(files),
        filters: noFilter,
      }
      const result = await attempt('evaluate the loss of data', () =>
        onKnownHistory(engine, params, () => engine.evaluateDataLoss(params)),
      )
      return {
        steps: result.migrationSteps,
        warnings: result.warnings.map(feedback),
        unexecutable: result.unexecutableSteps.map(feedback),
      }
    },
    version: () => attempt('say its version', () => engine.version()),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What the engine answers, asked for an exit code, when the two sides differ. */
const differs = 2

function target(side: Side, files: readonly SchemaFile[]): DiffTarget {
  switch (side.kind) {
    case 'empty':
      return { tag: 'empty' }
    case 'schema':
      return { tag: 'schemaDatamodel', ...container(side.files) }
    case 'history':
      return { tag: 'migrations', ...list(side.migrations) }
    case 'database':
      return { tag: 'schemaDatasource', ...container(files), configDir: '.' }
  }
}

function container(files: readonly SchemaFile[]): SchemasContainer {
  return { files: files.map(([path, content]) => ({ path, content })) }
}

function list(migrations: readonly Migration[]): MigrationList {
  return {
    baseDir: '.',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, script }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } },
    })),
  }
}

const feedback = ({ message, stepIndex }: { message: string; stepIndex: number }): Feedback => ({
  message,
  step: stepIndex,
})

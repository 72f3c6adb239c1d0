import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { listenForPanics } from './panic.ts'
import { loadEngineModule } from './wasm.ts'

/** A Prisma schema as the engine takes it: file name and content. */
export type SchemaFile = readonly [path: string, content: string]

export interface EngineOptions {
  readonly schemas: readonly SchemaFile[]
  readonly adapterFactory: SqlMigrationAwareDriverAdapterFactory
  /** Hears the engine's log, one JSON document a call. */
  readonly onLog?: (line: string) => void
}

/** Starts an engine. It connects through the factory when it first needs the database. */
export async function createEngine(options: EngineOptions): Promise<SchemaEngine> {
  listenForPanics()
  const { SchemaEngine } = await loadEngineModule()
  const datamodels = options.schemas.map(([path, content]): [string, string] => [path, content])
  return await SchemaEngine.new(
    { datamodels: datamodels.length === 0 ? undefined : datamodels },
    options.onLog ?? ignore,
    bindMigrationAwareSqlAdapterFactory(options.adapterFactory),
  )
}

function ignore(): void {}

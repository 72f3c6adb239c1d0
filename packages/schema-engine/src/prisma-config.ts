import { fileURLToPath } from 'node:url'
import { spawnThroughNode } from './spawn-through-node.ts'

const variable = 'PRISMA_SCHEMA_ENGINE_BINARY'

/**
 * Makes the Prisma CLI use the WebAssembly schema engine instead of downloading a native one. Call it at the
 * top of `prisma.config.ts`: the CLI reads the variable only after it has read its configuration.
 * A binary that the user names in `PRISMA_SCHEMA_ENGINE_BINARY` wins.
 */
export function useWasmSchemaEngine(): void {
  if (process.env[variable] !== undefined) return
  const bridge = fileURLToPath(new URL('../bin/schema-engine.js', import.meta.url))
  process.env[variable] = bridge
  if (!canStartScripts()) spawnThroughNode(bridge)
}

/** Windows starts no script by its first line; the second variable tries that path on other systems. */
function canStartScripts(): boolean {
  return process.platform !== 'win32' && process.env.SCHEMA_ENGINE_SPAWN_THROUGH_NODE !== '1'
}

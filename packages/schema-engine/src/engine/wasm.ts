import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'

type Module = typeof import('@prisma/schema-engine-wasm/schema_engine_bg')

export interface EngineModule {
  readonly SchemaEngine: typeof SchemaEngine
  readonly version: () => string
}

const glue = '@prisma/schema-engine-wasm/schema_engine_bg'

let loading: Promise<EngineModule> | undefined

/** Compiles and starts Prisma's schema engine, once per process. */
export function loadEngineModule(): Promise<EngineModule> {
  loading ??= load()
  return loading
}

async function load(): Promise<EngineModule> {
  const script = createRequire(import.meta.url).resolve(glue)
  const [bindings, bytes] = await Promise.all([
    import('@prisma/schema-engine-wasm/schema_engine_bg'),
    readFile(script.replace(/\.js$/, '.wasm')),
  ])
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': asImports(bindings) })
  bindings.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
  return bindings
}

/** The generated glue is a namespace of functions and constants; WebAssembly takes what it needs of it. */
function asImports(bindings: Module): WebAssembly.ModuleImports {
  return Object.fromEntries(Object.entries(bindings).filter(([, value]) => typeof value === 'function'))
}

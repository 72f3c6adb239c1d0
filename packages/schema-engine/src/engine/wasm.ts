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

/** What WebAssembly takes of the generated glue, which is a namespace of functions and constants. */
function asImports(bindings: Module): WebAssembly.ModuleImports {
  const functions = Object.entries(bindings).filter(([, value]) => typeof value === 'function')
  const timers = functions.filter(([name]) => name.startsWith('__wbg_setTimeout_'))
  return Object.fromEntries([...functions, ...timers.map(([name]) => [name, unobtrusiveTimeout])])
}

/** The engine forgets its timeouts of a minute when it needs them no more; they shall not hold up the exit. */
function unobtrusiveTimeout(callback: () => void, milliseconds: number): NodeJS.Timeout {
  return setTimeout(callback, milliseconds >>> 0).unref()
}

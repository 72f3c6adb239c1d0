// The floor with the one trick that costs a line: Node keeps the compiled code between runs.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../../../.cache/benchmarks/compile-cache', import.meta.url)))
await import('./floor.js')

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { engineVersionDiffers } from './failures.ts'

export interface EngineVersions {
  /** Release of the `prisma` package. */
  readonly prisma: string
  /** The engine which that release was built with. */
  readonly needed: string
  /** The WebAssembly engine that is installed. */
  readonly found: string
}

/** Reads the versions from what is installed. */
export function installedVersions(): EngineVersions {
  const require = createRequire(import.meta.url)
  const prisma = require.resolve('prisma/package.json')
  const engines = createRequire(prisma).resolve('@prisma/engines/package.json')
  const wasm = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  return {
    prisma: field(prisma, 'version'),
    needed: field(engines, 'dependencies', '@prisma/engines-version'),
    found: field(join(dirname(wasm), 'package.json'), 'version'),
  }
}

/** Throws `engine.version`, with the line to change, unless the engine is the one that Prisma needs. */
export function checkEngineVersion(versions: EngineVersions = installedVersions()): void {
  if (versions.needed !== versions.found) throw engineVersionDiffers({ ...versions })
}

function field(file: string, ...names: readonly string[]): string {
  let value: unknown = JSON.parse(readFileSync(file, 'utf8'))
  for (const name of names) value = typeof value === 'object' && value ? Reflect.get(value, name) : undefined
  if (typeof value !== 'string') throw new TypeError(`${file} has no ${names.join('.')}`)
  return value
}

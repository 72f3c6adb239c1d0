import { delimiter, dirname } from 'node:path'

/** Variables that programs need to run at all. */
const kept = ['HOME', 'USER', 'LANG', 'TMPDIR', 'SystemRoot', 'APPDATA', 'LOCALAPPDATA']

/**
 * The environment of what is measured: a person's shell, with the Node that runs the benchmark. What a package
 * manager around the benchmark sets would reach a package manager inside it, and skip the checks that a person
 * waits for.
 */
export function plainEnvironment(variables: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const entries = kept.flatMap((name) => {
    const value = variables[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const path = [dirname(process.execPath), variables.PATH ?? ''].join(delimiter)
  return { ...Object.fromEntries(entries), PATH: path }
}

/** Where the package manager is that runs this, or one on the PATH. */
export function packageManager(variables: NodeJS.ProcessEnv = process.env): readonly [string, ...string[]] {
  const path = variables.npm_execpath
  if (!path || !/pnpm[^/\\]*$/.test(path)) return ['pnpm']
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path]
}

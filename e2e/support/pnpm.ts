import { type Result, type RunOptions, root, run } from './run.ts'

/** A script of the repository as the README has it typed. The pnpm that runs these tests runs it, or npx brings one. */
export function pnpm(args: readonly string[], options: Partial<RunOptions> = {}): Promise<Result> {
  const settings = { cwd: root, ...options }
  const own = process.env.npm_execpath
  if (!own?.includes('pnpm')) return run('npx', ['-y', 'pnpm@12', ...args], settings)
  // pnpm is a native program since its version 11, and a script before that.
  return /\.[cm]?js$/.test(own) ? run(process.execPath, [own, ...args], settings) : run(own, args, settings)
}

import type { Preparation, Setup } from '../contestant.ts'
import { probe } from './probe.ts'

/** A Node program of the repository, on the Node that runs the benchmark. */
export const directly = async (setup: Setup, args: readonly string[]): Promise<Preparation> => ({
  kind: 'ready',
  version: `Node ${process.version}`,
  command: { program: process.execPath, args, cwd: setup.root, env: setup.env },
})

/** The same through the package manager, whose own checks are part of it. */
export async function throughPnpm(
  { root, env }: Setup,
  [program, ...before]: readonly [string, ...string[]],
  args: readonly string[],
): Promise<Preparation> {
  const found = await probe(program, [...before, '--version'], env)
  if (found.kind === 'missing') return found
  const command = { program, args: [...before, ...args], cwd: root, env }
  return { kind: 'ready', version: `pnpm ${found.says}`, command }
}

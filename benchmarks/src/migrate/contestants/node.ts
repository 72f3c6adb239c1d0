import { probe } from '../../probe.ts'
import type { Preparation, Setup } from '../contestant.ts'

/** The arguments of a program for each of its two ways. */
export interface Ways {
  readonly up: readonly string[]
  readonly down: readonly string[]
}

/** A Node program of the repository, on the Node that runs the benchmark. */
export async function directly({ root, env }: Setup, { up, down }: Ways): Promise<Preparation> {
  const command = (args: readonly string[]) => ({ program: process.execPath, args, cwd: root, env })
  return { kind: 'ready', version: `Node ${process.version}`, up: command(up), down: command(down) }
}

/** The same through the package manager, whose own checks are part of it. */
export async function throughPnpm(
  { root, env }: Setup,
  [program, ...before]: readonly [string, ...string[]],
  { up, down }: Ways,
): Promise<Preparation> {
  const found = await probe(program, [...before, '--version'], env)
  if (found.kind === 'missing') return found
  const command = (args: readonly string[]) => ({ program, args: [...before, ...args], cwd: root, env })
  return { kind: 'ready', version: `pnpm ${found.says}`, up: command(up), down: command(down) }
}

import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeGraph, writeAlembic, writeHistory } from './graph.ts'

/** What planning a history once took, in milliseconds of processor time. */
export interface Run {
  /** How many steps the plan has. */
  readonly steps: number
  /** From the files to the revisions. */
  readonly read: number
  /** From the revisions to the steps. */
  readonly plan: number
}

/** Plans a history of so many revisions in a process of its own. */
export type Measure = (size: number) => Promise<Run>

const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Writes the histories, and says how each planner is run on them. */
export function prepare(
  folder: string,
  sizes: readonly number[],
  python: string,
  env: Readonly<Record<string, string>>,
): { readonly ours: Measure; readonly alembic: Measure } {
  const [histories, scripts] = [join(folder, 'ours'), join(folder, 'alembic')]
  for (const size of sizes) {
    mkdirSync(join(histories, String(size)), { recursive: true })
    const graph = makeGraph(size)
    writeHistory(join(histories, String(size)), graph)
    writeAlembic(join(scripts, String(size)), graph)
  }
  const run = async (command: string, file: string, of: string): Promise<Run> =>
    readRun((await promisify(execFile)(command, [program(file), of], { env })).stdout)
  return {
    ours: (size) => run(process.execPath, 'plan-with-ours.ts', join(histories, String(size))),
    alembic: (size) => run(python, 'plan-with-alembic.py', join(scripts, String(size))),
  }
}

function readRun(output: string): Run {
  const run: unknown = JSON.parse(output)
  if (!isRun(run)) throw new TypeError(`no measurement: ${output}`)
  return run
}

const isRun = (value: unknown): value is Run =>
  typeof value === 'object' && value !== null && 'steps' in value && 'read' in value && 'plan' in value

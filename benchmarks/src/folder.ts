import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A folder for one run of the benchmark, on the disk that holds the repository. */
export async function withFolder<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  const parent = join(root, '.cache/benchmarks')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'run-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

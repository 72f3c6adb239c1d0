import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import type { Runs } from './report.ts'

const program = fileURLToPath(new URL('../../bin/bench.js', import.meta.url))

test('bench api asks the API and its floor for everything, and is answered', async () => {
  const args = [program, 'api', '--rounds', '1', '--seconds', '1', '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { runs }: { readonly runs: Runs } = JSON.parse(stdout)
  expect(Object.keys(runs)).toEqual(['health', 'read', 'list', 'create'])
  for (const { floor, api } of Object.values(runs)) {
    for (const [run] of [floor, api]) {
      expect(run?.p99).toBeGreaterThan(0)
      // On a busy machine some of a hundred may be asked to come back later.
      expect(run?.errors).toBeLessThan((run?.perSecond ?? 0) / 2)
    }
  }
})

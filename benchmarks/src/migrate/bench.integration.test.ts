import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'

const program = fileURLToPath(new URL('../../bin/bench.js', import.meta.url))

describe('bench migrate', () => {
  test('measures floor and command on a server of its own', async () => {
    const args = [program, 'migrate', '--rounds', '1', '--only', 'floor,db', '--json']
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const { absentees, figures, server } = JSON.parse(stdout)
    expect(absentees).toEqual([])
    expect(server).toMatch(/^PostgreSQL \d+\.\d+.*, embedded, fsync on$/)
    expect(figures.map((one: { contestant: string; case: string }) => [one.contestant, one.case])).toEqual([
      ['floor', 'empty-to-head'],
      ['floor', 'nothing-to-do'],
      ['floor', 'head-to-base'],
      ['db', 'empty-to-head'],
      ['db', 'nothing-to-do'],
      ['db', 'head-to-base'],
    ])
  })

  test('a server that cannot be reached is a precondition, named without its password', async () => {
    const env = { ...process.env, BENCH_DATABASE_URL: 'postgresql://u:s3cret@127.0.0.1:1/postgres' }
    const run = promisify(execFile)(process.execPath, [program, 'migrate'], { env })
    const error = await run.then(
      () => undefined,
      (failure: { code: number; stderr: string }) => failure,
    )
    expect(error).toMatchObject({ code: 2, stderr: expect.stringContaining('[bench.server]') })
    expect(error?.stderr).not.toContain('s3cret')
  })
})

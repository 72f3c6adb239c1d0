import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from './project.ts'
import { type Result, run } from './run.ts'

/** To be called before the tests. */
export function expectPsql(): void {
  try {
    execFileSync('psql', ['--version'])
  } catch (error) {
    throw new Error('These tests run scripts with psql: apt-get install postgresql-client', { cause: error })
  }
}

/** Runs a script as somebody would who got it by mail: on the server of a database, connected to another one. */
export function runInPsql(project: Project, database: string, script: string): Promise<Result> {
  const file = join(project.directory, 'script.sql')
  writeFileSync(file, script)
  const url = new URL(project.url(database))
  return run(
    'psql',
    ['-X', '-q', '-h', url.hostname, '-p', url.port, '-U', url.username, '-d', 'postgres', '-f', file],
    {
      cwd: project.directory,
      env: { PGPASSWORD: decodeURIComponent(url.password) },
    },
  )
}

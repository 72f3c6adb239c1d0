import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Project } from './project.ts'
import { dbCommand, environment, node } from './run.ts'
import { hidden } from './secrets.ts'

export const ctrlC = '\x03'

/** What somebody saw on a terminal, and how the command ended. */
export interface Seen {
  readonly screen: string
  readonly exitCode: number | undefined
}

/** Runs `db` on a terminal, which util-linux's `script` gives, and types `answer` when it is asked y or n. */
export async function answerOnTerminal(
  project: Project,
  args: readonly string[],
  answer: string,
): Promise<Seen> {
  const line = [node, dbCommand, ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['-qfec', line, '/dev/null'], {
    cwd: project.directory,
    env: environment({ ...project.env, TERM: 'dumb', COLUMNS: '300' }),
  })
  let screen = ''
  let answered = false
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString()
    if (answered || !screen.includes('(y/N)')) return
    answered = true
    child.stdin.write(answer)
  })
  const [code] = await once(child, 'close')
  hidden(screen, '')
  return { screen, exitCode: typeof code === 'number' ? code : undefined }
}

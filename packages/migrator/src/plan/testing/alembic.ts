import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { History } from '../../history/revision.ts'

/** A verb of Alembic and its words; a list of words is one target of several revisions. */
export type Ask = readonly [
  verb: 'upgrade' | 'downgrade' | 'history',
  ...words: readonly (string | readonly string[])[],
]

export interface Question {
  readonly histories: readonly History[]
  /** Whether databases are branch labels; a label belongs to exactly one base. */
  readonly labelled: boolean
  /** What Alembic's version table would hold. */
  readonly current: readonly string[]
  readonly asks: readonly Ask[]
}

export interface Refusal {
  readonly error: string
  readonly type: string
}

export interface Answers {
  readonly heads: readonly string[]
  readonly bases: readonly string[]
  readonly branchPoints: readonly string[]
  readonly currents: readonly string[]
  /** Ids in the order in which Alembic would apply, undo or print them. */
  readonly answers: readonly (readonly string[] | Refusal)[]
}

/** Debian installs its packages for this one, whichever python3 comes first on the PATH. */
const interpreter = '/usr/bin/python3'

/** Asks Debian's python3-alembic, all questions in one process. */
export async function askAlembic(questions: readonly Question[]): Promise<readonly (Answers | Refusal)[]> {
  const script = fileURLToPath(new URL('alembic-reference.py', import.meta.url))
  const child = spawn(interpreter, [script], { stdio: 'pipe' })
  const ended = once(child, 'close').catch((error) => {
    throw new Error('The reference implementation is missing: apt-get install python3-alembic', {
      cause: error,
    })
  })
  child.stdin.on('error', () => {})
  child.stdin.end(questions.map((question) => `${JSON.stringify(toRequest(question))}\n`).join(''))
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0) throw new Error(stderr)
  return stdout.trimEnd().split('\n').map(parseAnswers)
}

const toRequest = ({ histories, labelled, current, asks }: Question) => ({
  current,
  asks,
  revisions: histories.flatMap(({ database, revisions }) =>
    revisions.map(({ id, parents, dependsOn }) => ({
      id,
      down: parents,
      deps: dependsOn.map((ref) => ref.id),
      label: labelled && parents.length === 0 ? database : null,
    })),
  ),
})

function parseAnswers(line: string): Answers | Refusal {
  const parsed: unknown = JSON.parse(line)
  if (isAnswers(parsed) || isRefusal(parsed)) return parsed
  throw new Error(`the reference answered ${line}`)
}

const isAnswers = (value: unknown): value is Answers =>
  typeof value === 'object' && value !== null && 'answers' in value && Array.isArray(value.answers)

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'error' in value && 'type' in value

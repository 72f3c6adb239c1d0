import type { Problem } from '../adapter/factory.ts'
import { createDatabaseAt } from '../cli-commands/create-database.ts'
import { describeError, knownRpcError } from './describe-error.ts'
import type { PassThrough } from './engine-methods.ts'
import { explainProblem } from './explain-problem.ts'
import { errorLine, parseMessage, printLine, type Request, resultLine, rpcCodes } from './message.ts'
import { type Context, findMethod } from './methods.ts'

export interface Session {
  /** Takes one line of input. */
  receive(line: string): void
  /** Answers what is under way with an error, such as the panic that keeps it from ending; false if nothing is. */
  fail(error: unknown): boolean
}

export interface Surroundings {
  engine(): Promise<PassThrough>
  /** What went wrong at the database since the last call. */
  takeProblem(): Problem | undefined
  write(line: string): void
}

/** One conversation with the CLI: requests are worked off one after another, as they came. */
export function createSession({ engine, takeProblem, write }: Surroundings): Session {
  const printing = new Map<number, () => void>()
  let prints = 0
  let current: Request | undefined
  let queue = Promise.resolve()

  const context: Context = {
    engine,
    createDatabase: createDatabaseAt,
    async print(content) {
      const id = ++prints
      const printed = new Promise<void>((resolve) => printing.set(id, resolve))
      write(printLine(id, content))
      await printed
      printing.delete(id)
    },
  }

  async function handle(request: Request): Promise<void> {
    current = request
    takeProblem()
    const line = await answer(request, context, takeProblem)
    // A panic may have answered already, and the method come back all the same.
    if (current === request) write(line)
    current = undefined
  }

  return {
    receive(line) {
      const message = parseMessage(line)
      if (message.kind === 'answer') printing.get(message.id)?.()
      else if (message.kind === 'request') queue = queue.then(() => handle(message.request))
      else write(errorLine(null, { code: rpcCodes.unreadable, message: 'Unreadable request' }))
    },
    fail(error) {
      if (!current) return false
      write(errorLine(current.id, describeError(error)))
      current = undefined
      return true
    },
  }
}

async function answer(
  { id, method, params }: Request,
  context: Context,
  takeProblem: () => Problem | undefined,
): Promise<string> {
  const run = findMethod(method)
  if (!run) return errorLine(id, { code: rpcCodes.methodNotFound, message: `Method not found: ${method}` })
  try {
    return resultLine(id, await run(params, context))
  } catch (error) {
    const problem = takeProblem()
    const known = problem && explainProblem(problem, error, { method, params })
    return errorLine(id, known ? knownRpcError(known) : describeError(error))
  }
}

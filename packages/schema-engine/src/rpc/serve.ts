import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { errorMessage } from '@manybase/failure'
import { createAdapterFactory } from '../adapter/factory.ts'
import type { Options } from '../arguments.ts'
import { createEngine, type SchemaFile } from '../engine/engine.ts'
import { panicOf } from '../engine/panic.ts'
import { log } from '../log.ts'
import { createSession } from './session.ts'

/** Exit codes by which the CLI knows how its engine ended. */
const exitCodes = { done: 0, failed: 1, panicked: 101 } as const

/** How long an interrupted run may take to drop its shadow database, in milliseconds. */
const patience = 5000

/** Serves JSON-RPC on stdin and stdout until stdin ends or a signal comes, and then ends the process. */
export async function serve(options: Options): Promise<void> {
  const factory = createAdapterFactory(options.datasource)
  let engine: ReturnType<typeof createEngine> | undefined
  const start = async () =>
    await createEngine({
      schemas: await readSchemas(options.datamodels),
      adapterFactory: factory,
      onLog: (line) => process.stderr.write(line),
    })
  const session = createSession({
    engine() {
      engine ??= start()
      return engine
    },
    takeProblem: factory.takeProblem,
    write: (line) => process.stdout.write(`${line}\n`),
  })

  let leaving = false
  const leave = async (exitCode: number) => {
    if (leaving) return
    leaving = true
    setTimeout(() => process.exit(exitCode), patience).unref()
    await factory.close()
    process.exit(exitCode)
  }
  // Whoever waits for an answer must get one: the CLI takes an engine that ends in silence for success.
  const interrupt = () =>
    leave(session.fail(new Error('The schema engine was interrupted.')) ? exitCodes.failed : exitCodes.done)
  // The engine runs in microtasks of its own: a panic surfaces here, and its request is never answered.
  const onUncaught = (error: unknown) => {
    if (leaving) return
    const panic = panicOf(error)
    log('ERROR', { message: panic?.message ?? errorMessage(error), is_panic: panic !== undefined })
    session.fail(error)
    void leave(panic ? exitCodes.panicked : exitCodes.failed)
  }

  process.on('uncaughtException', onUncaught)
  process.on('unhandledRejection', onUncaught)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void interrupt())
  // A CLI that was killed reads no more.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void interrupt())

  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', (line) => session.receive(line))
  await new Promise<void>((resolve) => lines.on('close', resolve))
  await interrupt()
}

async function readSchemas(paths: readonly string[]): Promise<SchemaFile[]> {
  return await Promise.all(
    paths.map(async (path): Promise<SchemaFile> => [path, await readFile(path, 'utf8')]),
  )
}

import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { errorMessage } from '@manybase/failure'
import { createAdapterFactory } from '../adapter/factory.ts'
import type { Options } from '../arguments.ts'
import { createEngine, type SchemaFile } from '../engine/engine.ts'
import { panicOf } from '../engine/panic.ts'
import { log } from '../log.ts'
import { createSession } from './session.ts'

/** The exit code by which the CLI knows that the engine panicked. */
const panicked = 101

/** How long an interrupted run may take to drop its shadow database, in milliseconds. */
const patience = 5000

/** Serves JSON-RPC on stdin and stdout until stdin ends or a signal comes. */
export async function serve(options: Options): Promise<void> {
  const factory = createAdapterFactory(options.datasource)
  let starting: ReturnType<typeof createEngine> | undefined
  const engine = () => {
    starting ??= start()
    return starting
  }
  const start = async () =>
    await createEngine({
      schemas: await readSchemas(options.datamodels),
      adapterFactory: factory,
      onLog: (line) => process.stderr.write(`${line}\n`),
    })
  const session = createSession({
    engine,
    takeProblem: factory.takeProblem,
    write: (line) => process.stdout.write(`${line}\n`),
  })

  // The engine runs in microtasks of its own: a panic surfaces here, and its request is never answered.
  const onFailure = (error: unknown) => {
    const panic = panicOf(error)
    log('ERROR', { message: panic?.message ?? errorMessage(error), is_panic: panic !== undefined })
    session.fail(error)
    void leave(panicked)
  }
  process.on('uncaughtException', onFailure)
  process.on('unhandledRejection', onFailure)

  const leave = async (exitCode: number) => {
    setTimeout(() => process.exit(exitCode), patience).unref()
    await factory.close()
    process.exit(exitCode)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave(0))

  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', (line) => session.receive(line))
  await new Promise<void>((resolve) => lines.on('close', resolve))
  await leave(0)
}

async function readSchemas(paths: readonly string[]): Promise<SchemaFile[]> {
  return await Promise.all(
    paths.map(async (path): Promise<SchemaFile> => [path, await readFile(path, 'utf8')]),
  )
}

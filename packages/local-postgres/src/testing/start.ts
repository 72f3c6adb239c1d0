import { engineMissing } from '../failures.ts'
import { serverVersion } from './admin.ts'
import { type Choice, defaultImage, parseChoice } from './choice.ts'
import { startContainer } from './container.ts'
import type { ServerDescription } from './description.ts'
import { findEngine } from './docker.ts'
import { startEmbedded } from './embedded.ts'
import { newRun, register } from './external.ts'
import { binariesOf } from './releases.ts'
import type { StartedServer } from './started.ts'
import { connectTo, type TestServer } from './test-server.ts'

/** A test run's server, for whoever started it. */
export interface TestRun {
  readonly server: TestServer
  readonly description: ServerDescription
  /** One line for people: `PostgreSQL for tests: embedded 17.10 (no Docker engine reachable)`. */
  readonly banner: string
  stop(): Promise<void>
}

/**
 * Starts the server that TEST_POSTGRES asks for. Without it, a container where a Docker engine answers,
 * and the embedded server elsewhere.
 */
export async function startTestServer(env: NodeJS.ProcessEnv = process.env): Promise<TestRun> {
  const started = await start(parseChoice(env.TEST_POSTGRES))
  try {
    const version = await serverVersion(started.adminUrl)
    const { run, release } = await register(started.adminUrl, newRun())
    const description: ServerDescription = { kind: started.kind, version, adminUrl: started.adminUrl, run }
    const remark = started.remark === undefined ? '' : ` (${started.remark})`
    return {
      server: connectTo(description),
      description,
      banner: `PostgreSQL for tests: ${started.kind} ${version}${remark}`,
      async stop() {
        await release()
        await started.stop()
      },
    }
  } catch (error) {
    await started.stop()
    throw error
  }
}

async function start(choice: Choice): Promise<StartedServer> {
  switch (choice.kind) {
    case 'embedded':
      return startEmbedded(await binariesOf(choice.major))
    case 'container': {
      const engine = await findEngine()
      if (!engine) throw engineMissing({})
      return startContainer(engine, choice.image)
    }
    case 'url':
      return { kind: 'url', adminUrl: choice.url, remark: new URL(choice.url).host, stop: async () => {} }
    case 'automatic':
      return whatIsThere()
  }
}

async function whatIsThere(): Promise<StartedServer> {
  const engine = await findEngine()
  const embedded = async (remark: string): Promise<StartedServer> => ({
    ...(await startEmbedded(await binariesOf(undefined))),
    remark,
  })
  if (!engine) return embedded('no Docker engine reachable')
  try {
    return await startContainer(engine, defaultImage)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return embedded(`the container ${defaultImage} did not start: ${reason}`)
  }
}

import { randomBytes } from 'node:crypto'
import { settingArguments, testSettings } from '../settings.ts'
import type { Engine } from './docker.ts'
import { formatOwner, isGone, parseOwner, thisProcess } from './owner.ts'
import type { StartedServer } from './started.ts'

const ownerLabel = 'manybase.test-run.owner'

/** A server in a container, through testcontainers. */
export async function startContainer(engine: Engine, image: string): Promise<StartedServer> {
  await removeAbandonedContainers(engine)
  // Containers of killed runs are removed above, without the further image that testcontainers would fetch.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql')
  // Inside a container the address and the socket are its image's business.
  const { listen_addresses: _, unix_socket_directories: __, ...settings } = testSettings
  const container = await new PostgreSqlContainer(image)
    .withUsername('postgres')
    .withPassword(randomBytes(18).toString('base64url'))
    .withDatabase('postgres')
    .withLabels({ [ownerLabel]: formatOwner(await thisProcess()) })
    .withCommand(['postgres', ...settingArguments(settings)])
    .start()
  return {
    kind: 'container',
    adminUrl: container.getConnectionUri(),
    remark: image,
    async stop() {
      await container.stop()
    },
  }
}

/** Ends the containers of test runs that were killed. */
async function removeAbandonedContainers(engine: Engine): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [ownerLabel] }))
  const { body } = await engine.call('GET', `/containers/json?all=true&filters=${filters}`)
  for (const { id, owner } of labelled(JSON.parse(body))) {
    if (owner && (await isGone(owner))) await engine.call('DELETE', `/containers/${id}?force=true&v=true`)
  }
}

function labelled(list: unknown): { id: string; owner: ReturnType<typeof parseOwner> }[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('Id' in entry && 'Labels' in entry)) return []
    const { Id: id, Labels: labels } = entry
    if (typeof id !== 'string' || typeof labels !== 'object' || labels === null) return []
    const label: unknown = Object.entries(labels).find(([name]) => name === ownerLabel)?.[1]
    return [{ id, owner: parseOwner(String(label)) }]
  })
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contestant } from '../contestant.ts'
import { atOnce, line } from './shell.ts'

/** The official command on the same histories, with the schema engine in WebAssembly. */
export const prisma: Contestant = {
  key: 'prisma',
  label: 'prisma migrate deploy',
  group: 'direct',
  role: 'other',
  ledger: '_prisma_migrations',
  async prepare({ root, env, subjects }) {
    const packages = subjects.map(({ directory }) => join(directory, 'node_modules/prisma/package.json'))
    const absent = packages.find((path) => !existsSync(path))
    const [manifest] = packages
    if (absent || !manifest) return { kind: 'missing', why: `there is no ${absent}` }
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
    const runs = subjects.map(
      ({ directory }) => `(cd ${line(directory)} && exec node_modules/.bin/prisma migrate deploy)`,
    )
    // Without the question for newer releases, which goes over the network.
    const up = atOnce(runs, root, { ...env, CHECKPOINT_DISABLE: '1' })
    return { kind: 'ready', version: `Prisma ${version}`, up, down: undefined }
  },
}

#!/usr/bin/env node
// The Prisma generator of references: `prisma generate` starts it, and speaks with it on stdin and stderr.
import { fileURLToPath } from 'node:url'

if (Number(process.versions.node.split('.')[0]) < 22) await runWithPinnedNode()
await import('../src/references-generator.ts')

/** Started by an old Node: the lockfile's own is next to the packages. */
async function runWithPinnedNode() {
  const { spawnSync } = await import('node:child_process')
  const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
  const { status } = spawnSync(node, [fileURLToPath(import.meta.url)], { stdio: 'inherit' })
  process.exit(status ?? 1)
}

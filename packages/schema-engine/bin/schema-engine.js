#!/usr/bin/env node
// The executable that the Prisma CLI starts in place of its native schema engine. Plain JavaScript, which any
// Node can read, so that one without TypeScript hands over to the workspace's own instead of failing oddly.
import module from 'node:module'

if (process.features.typescript) {
  // Every Prisma command starts this anew: keep what was compiled (and stripped of its types) between runs.
  module.enableCompileCache?.()
  const { main } = await import('../src/main.ts')
  await main(process.argv.slice(2))
} else {
  const { handOver } = await import('./hand-over.js')
  await handOver()
}

#!/usr/bin/env node
// The executable that the Prisma CLI starts in place of its native schema engine.
import module from 'node:module'

if (process.features.typescript) {
  // Every Prisma command starts this anew: keep what was compiled (and stripped of its types) between runs.
  module.enableCompileCache?.()
  const { main } = await import('../src/main.ts')
  await main(process.argv.slice(2))
} else {
  const message = `The schema engine needs Node 22.18 or newer, but runs on Node ${process.versions.node} (${process.execPath}). Run Prisma through the workspace's own Node: pnpm exec prisma …`
  process.stderr.write(
    `\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields: { message } })}\n`,
  )
  process.exitCode = 1
}

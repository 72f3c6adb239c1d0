#!/usr/bin/env node
// Starts the command from its bundle, which is made anew when a source has changed since.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

if (Number(process.versions.node.split('.')[0]) < 22) reexecWithPinnedNode()

// A reader that has seen enough (`… | head`) ends the command quietly.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1))
module.enableCompileCache?.(here('../dist/compile-cache'))
const { freshBundle } = await import('./bundle.js')
const { main } = await import(pathToFileURL(await freshBundle()).href)
process.exitCode = await main(process.argv.slice(2), process.cwd())

/** Called directly with an old Node: the lockfile's own is next to the packages. */
function reexecWithPinnedNode() {
  const node = here('../../../node_modules/.bin/node')
  if (!existsSync(node)) {
    process.stderr.write(
      `Node ${process.versions.node} is too old; run this through pnpm, which brings its own.\n`,
    )
    process.exit(2)
  }
  const { status } = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  process.exit(status ?? 1)
}

#!/usr/bin/env node
// Starts the command from its bundle, which is made anew when a source has changed since. Of this file's cost every
// command has its share: nothing is imported that a fresh bundle doesn't need.
import { readFileSync, statSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const dist = new URL('../dist/', import.meta.url)

if (Number(process.versions.node.split('.')[0]) < 22) await runWithPinnedNode()

// A reader that has seen enough (`… | head`) ends the command quietly.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1))
module.enableCompileCache?.(fileURLToPath(new URL('compile-cache', dist)))
const { main } = await import(freshBundle() ?? (await makeBundle()))
process.exitCode = await main(process.argv.slice(2), process.cwd())

/** The bundle's URL, unless there is none or one of its sources has changed. */
function freshBundle() {
  try {
    const { entry, inputs } = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))
    for (const [url, stamp] of inputs) {
      const { mtimeMs, size } = statSync(new URL(url, dist))
      if (`${mtimeMs}:${size}` !== stamp) return undefined
    }
    return new URL(entry, dist).href
  } catch {
    return undefined
  }
}

async function makeBundle() {
  const { bundle } = await import('./bundle.js')
  return await bundle(dist)
}

/** Called directly with an old Node: the lockfile's own is next to the packages. */
async function runWithPinnedNode() {
  const { spawnSync } = await import('node:child_process')
  const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
  const { status, error } = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  if (error) {
    process.stderr.write(
      `Node ${process.versions.node} is too old; run this through pnpm, which brings its own.\n`,
    )
  }
  process.exit(error ? 2 : (status ?? 1))
}

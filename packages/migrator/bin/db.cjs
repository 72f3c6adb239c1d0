#!/usr/bin/env node
// Starts the command from its bundle, which is made anew when a source has changed since. Of this file's cost every
// command has its share: it is CommonJS, which starts before Node's module loader does, and requires nothing that a
// fresh bundle doesn't need.
const { readFileSync, statSync } = require('node:fs')
const { enableCompileCache } = require('node:module')
const { join } = require('node:path')

const dist = join(__dirname, '../dist/')

if (Number(process.versions.node.split('.')[0]) < 22) runWithPinnedNode()

// A reader that has seen enough (`… | head`) ends the command quietly.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1))
enableCompileCache?.(join(dist, 'compile-cache'))
const bundled = freshBundle()
if (bundled) void run(bundled)
else void import('./bundle.js').then(({ bundle }) => bundle(dist)).then(run)

async function run({ entry, catalog, outline }) {
  const { main } = require(entry)
  process.exitCode = await main(process.argv.slice(2), process.cwd(), {
    importFile: catalog && importer(catalog),
    outline,
  })
  // Ending by itself, Node would take its heap apart first.
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit()
}

/** Imports any other file as it is, and this one too when it fails, for the sake of the message. */
function importer({ file, path }) {
  return (wanted) => {
    try {
      if (wanted === file) return require(join(dist, path))
    } catch {}
    return import(require('node:url').pathToFileURL(wanted).href)
  }
}

/** What the manifest says of the bundle, unless there is none or one of its sources has changed. */
function freshBundle() {
  try {
    const { entry, catalog, outline, inputs } = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'))
    for (const [path, stamp] of inputs) {
      const { mtimeMs, size } = statSync(dist + path)
      if (`${mtimeMs}:${size}` !== stamp) return undefined
    }
    return { entry: join(dist, entry), catalog, outline: join(dist, outline) }
  } catch {
    return undefined
  }
}

/** Called directly with an old Node: the lockfile's own is next to the packages. */
function runWithPinnedNode() {
  const { spawnSync } = require('node:child_process')
  const node = join(__dirname, '../../../node_modules/.bin/node')
  const { status, error } = spawnSync(node, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (error) {
    process.stderr.write(
      `Node ${process.versions.node} is too old; run this through pnpm, which brings its own.\n`,
    )
  }
  process.exit(error ? 2 : (status ?? 1))
}

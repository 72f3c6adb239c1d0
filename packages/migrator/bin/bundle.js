import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const packageRoot = fileURLToPath(new URL('..', import.meta.url))
const dist = join(packageRoot, 'dist')
const manifestFile = join(dist, 'manifest.json')

/** The path of the bundled command; bundles it first when there is none or a source has changed. */
export async function freshBundle() {
  const manifest = readManifest()
  if (manifest?.inputs.every(isUnchanged)) return join(dist, manifest.entry)
  return await bundle()
}

function readManifest() {
  try {
    return JSON.parse(readFileSync(manifestFile, 'utf8'))
  } catch {
    return undefined
  }
}

const stampOf = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat && `${stat.mtimeMs}:${stat.size}`
}

const isUnchanged = ([path, stamp]) => stampOf(join(packageRoot, path)) === stamp

/** A package that loads WebAssembly from its own folder stays there; the import leads to it from the bundle. */
const besideItsWasm = (name) => ({
  name,
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`^${name}$`) }, ({ importer }) => ({
      path: pathToFileURL(createRequire(importer).resolve(name)).href,
      external: true,
    })),
})

/** Each bundle has a folder of its own, so that a command that runs meanwhile keeps the one it started with. */
async function bundle() {
  const start = performance.now()
  const { build } = await import('esbuild')
  const folder = `bundle-${process.pid}-${Date.now()}`
  const { metafile } = await build({
    absWorkingDir: packageRoot,
    entryPoints: ['src/cli.ts'],
    outdir: join(dist, folder),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    metafile: true,
    external: ['pg-native'],
    plugins: [besideItsWasm('libpg-query'), besideItsWasm('@prisma/prisma-schema-wasm')],
    // CommonJS packages in the bundle still call require for Node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
  const inputs = Object.keys(metafile.inputs)
    .map((path) => [relative(packageRoot, join(packageRoot, path)), stampOf(join(packageRoot, path))])
    .filter(([, stamp]) => stamp)
  const previous = readManifest()
  const entry = join(folder, 'cli.mjs')
  mkdirSync(dist, { recursive: true })
  const draft = `${manifestFile}.${process.pid}`
  writeFileSync(draft, JSON.stringify({ entry, inputs }))
  renameSync(draft, manifestFile)
  if (previous)
    setTimeout(() => rmSync(join(dist, previous.entry, '..'), { recursive: true, force: true }), 0)
  if (!process.argv.includes('--json')) {
    process.stderr.write(
      `  ${`${Math.round(performance.now() - start)} ms`.padStart(7)}  bundle the command\n`,
    )
  }
  return join(dist, entry)
}

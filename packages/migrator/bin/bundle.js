import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundleCatalog } from '../src/start/bundle-catalog.ts'

const packageRoot = fileURLToPath(new URL('..', import.meta.url))
const [driverCrypto, catalogBundler] = ['driver-crypto.ts', 'bundle-catalog.ts'].map((name) =>
  join(packageRoot, 'src/start', name),
)
const outlineFile = 'outline.json'
const bundlers = [fileURLToPath(import.meta.url), catalogBundler]

/** What reads from its own folder, WebAssembly or SQL, stays there; the import leads to it from the bundle. */
const besideItsFiles = (name) => ({
  name,
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`^${name}$`) }, ({ importer }) => ({
      path: pathToFileURL(createRequire(importer).resolve(name)).href,
      external: true,
    })),
})

/** The driver's own goes through Web Crypto. */
const lighterCrypto = {
  name: 'lighter-crypto',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\\\]pg[/\\\\]lib[/\\\\]crypto[/\\\\]utils\.js$/ }, () => ({
      contents: `module.exports = require(${JSON.stringify(driverCrypto)})`,
    })),
}

/**
 * Bundles the command into a folder of `dist` and says where its entry is. Where that folder can't be
 * written, the command runs from its sources, which takes longer to start and is the same otherwise.
 */
export async function bundle(path) {
  const dist = pathToFileURL(path)
  const start = performance.now()
  const { build } = await import('esbuild')
  const folder = `bundle-${Date.now()}-${process.pid}`
  try {
    mkdirSync(new URL(folder, dist), { recursive: true })
    const parts = settings(join(fileURLToPath(dist), folder))
    const { metafile } = await build(parts)
    await build(startOf(parts, metafile))
    const catalog = await bundleCatalog(packageRoot, join(parts.outdir, 'catalog.cjs'))
    await writeOutline(parts.outdir)
    writeManifest(dist, folder, metafile, catalog)
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM', 'ENOSPC'].includes(error.code)) throw error
    return { entry: fileURLToPath(new URL('../src/cli.ts', import.meta.url)) }
  }
  removeOldBundles(fileURLToPath(dist))
  if (!process.argv.includes('--json')) {
    const milliseconds = `${Math.round(performance.now() - start)} ms`
    process.stderr.write(`  ${milliseconds.padStart(7)}  bundle the command\n`)
  }
  return { entry: fileURLToPath(new URL(`${folder}/start.cjs`, dist)) }
}

const settings = (outdir) => ({
  absWorkingDir: packageRoot,
  entryPoints: ['src/cli.ts'],
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  metafile: true,
  external: ['pg-native'],
  plugins: [
    besideItsFiles('libpg-query'),
    besideItsFiles('@prisma/prisma-schema-wasm'),
    besideItsFiles('@manybase/schema-engine'),
    besideItsFiles('@manybase/diagram'),
    besideItsFiles('@manybase/app-validation/migrate'),
    besideItsFiles('@manybase/app-validation/status'),
    lighterCrypto,
  ],
  // CommonJS packages in the bundle still call require for Node's own modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
})

/** The commands that are called most: they are in the file that is loaded first. */
const calledMost = ['migrate', 'upgrade', 'downgrade'].map((name) => `./commands/${name}.ts`)

/**
 * That file. CommonJS, since Node's own modules come cheaper that way: importing one as an ES module evaluates all
 * that it exports, and the whole of Web Crypto with it.
 */
const startOf = (parts, metafile) => ({
  ...parts,
  entryNames: 'start',
  outExtension: { '.js': '.cjs' },
  splitting: false,
  format: 'cjs',
  banner: {},
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [onDemand(metafile), ...parts.plugins],
})

/** Whatever else is loaded on demand comes from the parts made before. */
const onDemand = ({ outputs }) => {
  const parts = new Map(Object.entries(outputs).map(([path, { entryPoint }]) => [entryPoint, basename(path)]))
  return {
    name: 'on-demand',
    setup: (build) =>
      build.onResolve({ filter: /./ }, async ({ path, kind, pluginData, ...from }) => {
        if (kind !== 'dynamic-import' || calledMost.includes(path) || pluginData === parts) return undefined
        const found = await build.resolve(path, { kind, pluginData: parts, ...from })
        const part = parts.get(relative(packageRoot, found.path).replaceAll('\\', '/'))
        return part && { path: `./${part}`, external: true }
      }),
  }
}

/** Names and summaries of the commands, so that none of them is loaded where only these are asked for. */
async function writeOutline(outdir) {
  const { describeCommands } = await import(pathToFileURL(join(outdir, 'cli.mjs')).href)
  const { commands } = await describeCommands()
  const outline = commands.map((command) => ({ value: command.name(), description: command.summary() }))
  writeFileSync(join(outdir, outlineFile), JSON.stringify(outline))
}

/** What the bundle was made from, and by: our own sources each by itself, installed packages by what is linked to ours. */
function writeManifest(dist, folder, { inputs }, catalog) {
  const own = Object.keys(inputs)
    .filter((path) => !path.includes('node_modules/'))
    .map((path) => join(packageRoot, path))
  const rooms = new Set(
    own.filter((path) => path.includes('/src/')).map((path) => path.slice(0, path.lastIndexOf('/src/'))),
  )
  const sources = [...bundlers, ...own, ...[...rooms].flatMap(installedFor), ...(catalog?.inputs ?? [])]
  const stamps = sources.flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat ? [[relative(fileURLToPath(dist), path), `${stat.mtimeMs}:${stat.size}`]] : []
  })
  const draft = new URL(`manifest.json.${process.pid}`, dist)
  const ready = catalog?.ready ? { file: catalog.file, path: `${folder}/catalog.cjs` } : undefined
  writeFileSync(
    draft,
    JSON.stringify({
      entry: `${folder}/start.cjs`,
      outline: `${folder}/${outlineFile}`,
      catalog: ready,
      inputs: stamps,
    }),
  )
  renameSync(draft, new URL('manifest.json', dist))
}

function installedFor(room) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(room, 'package.json'), 'utf8'))
  return Object.keys(dependencies).map((name) => join(room, 'node_modules', name, 'package.json'))
}

/** A command that runs meanwhile still loads parts of the bundle that it started with, so those of the last hour stay. */
function removeOldBundles(dist) {
  const hourAgo = Date.now() - 3_600_000
  for (const name of readdirSync(dist)) {
    const made = Number(/^bundle-(\d+)-/.exec(name)?.[1])
    if (made < hourAgo) rmSync(join(dist, name), { recursive: true, force: true })
  }
}

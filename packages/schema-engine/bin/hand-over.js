import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

/** Continues in the Node that the workspace pins; where there is none, says what is missing. */
export async function handOver() {
  const node = findNode(import.meta.dirname ?? '')
  if (node === undefined || process.env.SCHEMA_ENGINE_HANDED_OVER) return await refuse()
  const env = { ...process.env, SCHEMA_ENGINE_HANDED_OVER: '1' }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}

function findNode(directory) {
  const candidate = join(directory, 'node_modules/.bin/node')
  if (process.platform !== 'win32' && existsSync(candidate)) return candidate
  const parent = dirname(directory)
  return parent === directory ? undefined : findNode(parent)
}

async function refuse() {
  const message = `The schema engine needs Node 22.18 or newer, but runs on Node ${process.versions.node} (${process.execPath}). Run Prisma through the workspace's own Node: pnpm exec prisma …`
  // The CLI passes over the first line of stderr, and reads the others as JSON.
  const log = { level: 'ERROR', target: 'schema_engine::logger', fields: { message } }
  process.stderr.write(`\n${JSON.stringify(log)}\n`)
  process.exitCode = 1
  if (process.argv.includes('cli')) return
  // A request that finds nobody would end the CLI with exit code 0.
  for await (const line of createInterface({ input: process.stdin })) {
    const { id } = JSON.parse(line)
    const error = { code: 4466, message, data: { is_panic: false, message, meta: null } }
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error })}\n`)
  }
}

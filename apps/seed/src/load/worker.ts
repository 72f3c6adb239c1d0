import { parentPort, workerData } from 'node:worker_threads'
import { auth } from '../databases/auth.ts'
import { blockSize, type Made, type SeededDatabase } from '../databases/database.ts'
import { specs } from '../databases/specs.ts'
import { makeHashes } from '../world/password.ts'
import { makePhrases } from '../world/phrases.ts'
import type { Settings } from '../world/world.ts'
import { encodeBlock } from './encode-block.ts'

const {
  database: name,
  settings,
}: { readonly database: SeededDatabase['name']; readonly settings: Settings } = workerData
const database = name === 'socrates_auth' ? auth : specs
const made: Made = {
  settings,
  phrases: makePhrases(settings),
  hashes: database === auth ? makeHashes(settings) : [],
}

parentPort?.on('message', (block: number) => {
  const first = block * blockSize
  const parts = encodeBlock(database, made, first, Math.min(first + blockSize, settings.users))
  const buffers = parts.map(({ bytes }) => bytes.buffer)
  parentPort?.postMessage(parts, buffers)
})

import { eventToJson, type SweepEvent, type Sweeper, startSweeper } from '@manybase/app-validation/sweeper'
import type { FastifyBaseLogger } from 'fastify'
import type { Keepers } from './services.ts'

/** Follows deletions beside the API, in the same process. Any number of processes may. */
export const sweepBeside = (keepers: Keepers, log: FastifyBaseLogger): Sweeper =>
  startSweeper(
    { ...keepers },
    { onEvent: (event) => log[levelOf(event)](eventToJson(event), `sweeper: ${event.kind}`) },
  )

const levels = { failed: 'warn', waiting: 'debug' } as const

const levelOf = ({ kind }: SweepEvent): 'warn' | 'debug' | 'info' =>
  kind === 'failed' || kind === 'waiting' ? levels[kind] : 'info'

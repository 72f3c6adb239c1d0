import { eventToJson, type SweepEvent, type Sweeper, startSweeper } from '@manybase/app-validation/sweeper'
import type { AuthClient } from '@socrates/db-auth'
import type { SpecsClient } from '@socrates/db-specs'
import type { FastifyBaseLogger } from 'fastify'

/** Follows deletions beside the API, in the same process. Any number of processes may. */
export const sweepBeside = (
  databases: { readonly auth: AuthClient; readonly specs: SpecsClient },
  log: FastifyBaseLogger,
): Sweeper =>
  startSweeper(databases, {
    onEvent: (event) => log[levelOf(event)](eventToJson(event), `sweeper: ${event.kind}`),
  })

const levels = { failed: 'warn', waiting: 'debug' } as const

const levelOf = ({ kind }: SweepEvent): 'warn' | 'debug' | 'info' =>
  kind === 'failed' || kind === 'waiting' ? levels[kind] : 'info'

import { renderMetrics, statusMetrics } from '@manybase/app-validation/metrics'
import { readStatus } from '@manybase/app-validation/status'
import type { FastifyBaseLogger } from 'fastify'
import type { Keepers } from '../services.ts'

/** Lags, queues and refusals of the references between the databases; nothing while one of them doesn't answer. */
export async function readIntegrity(keepers: Keepers, log: FastifyBaseLogger): Promise<string> {
  try {
    return renderMetrics(statusMetrics(await readStatus({ ...keepers })))
  } catch (error) {
    log.warn({ err: error }, 'the references between the databases can’t be measured')
    return ''
  }
}

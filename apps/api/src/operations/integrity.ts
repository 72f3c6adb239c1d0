import { renderMetrics, statusMetrics } from '@manybase/app-validation/metrics'
import { readStatus } from '@manybase/app-validation/status'
import type { AuthClient } from '@socrates/db-auth'
import type { SpecsClient } from '@socrates/db-specs'
import type { FastifyBaseLogger } from 'fastify'

/** Lags, queues and refusals of the references between the databases; nothing while one of them doesn't answer. */
export async function readIntegrity(
  databases: { readonly auth: AuthClient; readonly specs: SpecsClient },
  log: FastifyBaseLogger,
): Promise<string> {
  try {
    return renderMetrics(statusMetrics(await readStatus(databases)))
  } catch (error) {
    log.warn({ err: error }, 'the references between the databases can’t be measured')
    return ''
  }
}

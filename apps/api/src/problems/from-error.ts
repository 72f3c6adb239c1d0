import { errorCode } from '@manybase/failure'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { fromDatabase } from './database-error.ts'
import { isRefusal, type ProblemKind, Refusal } from './problem.ts'

/** What Fastify refuses by itself. */
const fromFastify: Readonly<Record<string, readonly [ProblemKind, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'media-type-unsupported',
    'Send JSON, and say so: content-type: application/json.',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'Send less at once.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['request-invalid', 'The body is announced as JSON, and empty.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [
    'request-invalid',
    'The body is no JSON, or has a key __proto__ or constructor.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['request-invalid', 'The body is not as long as it is announced.'],
  FST_ERR_BAD_URL: ['request-invalid', 'The path is not a valid one.'],
  FST_ERR_HANDLER_TIMEOUT: ['unavailable', 'It took too long. A change may have been made, or not.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not-found', 'The path is longer than any that is here.'],
}

/** Any error as what is answered. What nobody expected is a bug of ours, and says nothing of itself. */
export function refusalOf(error: unknown): Refusal {
  if (isRefusal(error)) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const place = error.validationContext ?? 'request'
    const errors = error.validation.map(({ instancePath, message }) => ({
      path: instancePath === '/' ? '' : instancePath,
      message: message ?? 'Not as documented',
    }))
    return new Refusal('request-invalid', `The ${names[place] ?? place} is not as documented.`, { errors })
  }
  const [kind, detail] = fromFastify[errorCode(error) ?? ''] ?? []
  if (kind !== undefined && detail !== undefined) return new Refusal(kind, detail, { cause: error })
  return (
    fromDatabase(error) ??
    new Refusal('internal', 'It is a fault of this program, and in its log.', { cause: error })
  )
}

const names: Readonly<Record<string, string>> = { params: 'path', querystring: 'query', headers: 'head' }

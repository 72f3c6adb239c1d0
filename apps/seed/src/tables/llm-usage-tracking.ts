import { defineTable, type RowOf } from '../copy/table.ts'
import type { Random } from '../world/random.ts'
import type { Model } from '../world/wording.ts'
import type { ApiKey } from './api-keys.ts'
import type { Message } from './conversation-history.ts'
import type { Session } from './sessions.ts'

export const llmUsageTracking = defineTable('llm_usage_tracking', {
  id: 'text',
  user_id: 'text',
  project_id: 'text?',
  session_id: 'text?',
  api_key_id: 'text?',
  provider: 'text',
  model: 'text',
  type: 'text',
  status: 'text',
  input_tokens: 'number',
  cached_input_tokens: 'number',
  output_tokens: 'number',
  cost: 'number',
  currency: 'text',
  latency_ms: 'number?',
  provider_request_id: 'text?',
  error_code: 'text?',
  metadata: 'json',
  requested_at: 'time',
  created_at: 'time',
  updated_at: 'time',
})

type Usage = RowOf<typeof llmUsageTracking>

/** The request behind each message of the assistant: it reads all messages before, and costs what its tokens cost. */
export function makeUsage(
  random: Random,
  session: Session,
  messages: readonly Message[],
  model: Model,
  keys: readonly ApiKey[],
): Usage[] {
  let read = 0
  return messages.flatMap((message) => {
    const input = read + 400
    const cached = read
    read += message.token_count ?? 0
    if (message.role !== 'assistant') return []
    const key = keys.find(({ created_at }) => created_at <= message.created_at)
    const status = random.weighted([
      ['succeeded', 0.975],
      ['failed', 0.012],
      ['timed_out', 0.008],
      ['rate_limited', 0.005],
    ])
    const output = status === 'succeeded' ? (message.token_count ?? 0) : 0
    return [
      {
        id: random.uuid(),
        user_id: session.user_id,
        project_id: session.project_id,
        session_id: session.id,
        api_key_id: key && random.chance(0.3) ? key.id : null,
        provider: model.provider,
        model: model.name,
        type: 'question_generation',
        status,
        input_tokens: input,
        cached_input_tokens: cached,
        output_tokens: output,
        cost: costOf(model, input, output),
        currency: 'USD',
        latency_ms: Math.round(300 + output * random.between(8, 25)),
        provider_request_id: `req_${random.uuid()}`,
        error_code: status === 'succeeded' ? null : status,
        metadata: {},
        requested_at: message.created_at,
        created_at: message.created_at,
        updated_at: message.created_at,
      },
    ]
  })
}

/** In US dollars, to the column's eight decimals. */
const costOf = (model: Model, input: number, output: number): number =>
  Math.round((input * model.input + output * model.output) * 100) / 1e8

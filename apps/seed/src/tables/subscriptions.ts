import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { day, moment } from '../world/world.ts'

export const subscriptions = defineTable('subscriptions', {
  id: 'text',
  user_id: 'text',
  plan: 'text',
  status: 'text',
  billing_interval: 'text',
  seats: 'number',
  unit_amount: 'number',
  currency: 'text',
  provider: 'text',
  provider_customer_id: 'text?',
  provider_subscription_id: 'text?',
  current_period_start: 'time',
  current_period_end: 'time',
  trial_ends_at: 'time?',
  cancelled_at: 'time?',
  ended_at: 'time?',
  metadata: 'json',
  created_at: 'time',
  updated_at: 'time',
})

export type Subscription = RowOf<typeof subscriptions>

/** Months and years of billing are of equal length here. */
export const billingPeriod = { month: 30 * day, year: 365 * day } as const

/** US cents for a seat and month. */
const prices = { free: 0, starter: 900, professional: 2900, team: 4900, enterprise: 9900 } as const

const plans = {
  casual: [
    ['free', 0.8],
    ['starter', 0.2],
  ],
  active: [
    ['free', 0.3],
    ['starter', 0.35],
    ['professional', 0.3],
    ['team', 0.05],
  ],
  heavy: [
    ['professional', 0.5],
    ['team', 0.35],
    ['enterprise', 0.15],
  ],
} as const

/** What a user who stayed has subscribed to. */
export function makeSubscriptions(random: Random, person: Person, until: number): Subscription[] {
  if (person.activity === 'idle') return []
  const plan = random.weighted<keyof typeof prices>(plans[person.activity])
  const interval = random.chance(0.2) ? 'year' : 'month'
  const id = random.uuid()
  const createdAt = moment(random, person.createdAt, person.lastSeenAt)
  const cancelled = person.activity === 'casual' && random.chance(0.25)
  const end = cancelled ? moment(random, createdAt, until) : until
  const length = billingPeriod[interval]
  const periodStart = createdAt + Math.floor((end - createdAt) / length) * length
  const paid = plan !== 'free'
  return [
    {
      id,
      user_id: person.id,
      plan,
      status: cancelled ? 'cancelled' : paid && random.chance(0.04) ? 'past_due' : 'active',
      billing_interval: interval,
      seats: plan === 'team' || plan === 'enterprise' ? random.integer(3, 25) : 1,
      unit_amount: prices[plan] * (interval === 'year' ? 10 : 1),
      currency: 'USD',
      provider: paid ? 'stripe' : 'manual',
      provider_customer_id: paid ? `cus_${person.id}` : null,
      provider_subscription_id: paid ? `sub_${id}` : null,
      current_period_start: periodStart,
      current_period_end: periodStart + length,
      trial_ends_at: paid && random.chance(0.4) ? createdAt + 14 * day : null,
      cancelled_at: cancelled ? end : null,
      ended_at: cancelled ? end : null,
      metadata: {},
      created_at: createdAt,
      updated_at: cancelled ? end : periodStart,
    },
  ]
}

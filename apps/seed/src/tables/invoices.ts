import { defineTable, type RowOf } from '../copy/table.ts'
import type { Person } from '../world/person.ts'
import type { Random } from '../world/random.ts'
import { day, hour, moment } from '../world/world.ts'
import { billingPeriod, type Subscription } from './subscriptions.ts'

export const invoices = defineTable('invoices', {
  id: 'text',
  subscription_id: 'text?',
  user_id: 'text',
  number: 'text',
  status: 'text',
  currency: 'text',
  subtotal_amount: 'number',
  tax_amount: 'number',
  total_amount: 'number',
  paid_amount: 'number',
  line_items: 'json',
  billing_details: 'json',
  provider: 'text',
  provider_invoice_id: 'text?',
  period_start: 'time',
  period_end: 'time',
  issued_at: 'time?',
  due_at: 'time?',
  paid_at: 'time?',
  voided_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

type Invoice = RowOf<typeof invoices>

/** One for each period of a paid subscription: its lines add up to the subtotal, and with the tax to the total. */
export function makeInvoices(
  random: Random,
  person: Person,
  subscription: Subscription,
  until: number,
): Invoice[] {
  if (subscription.unit_amount === 0) return []
  const length = billingPeriod[subscription.billing_interval === 'year' ? 'year' : 'month']
  const { created_at: first, current_period_start: last } = subscription
  const taxPercent = random.pick([0, 0, 7, 19, 20])
  return Array.from({ length: Math.round((last - first) / length) + 1 }, (_, index) =>
    makeInvoice(random, person, subscription, {
      start: first + index * length,
      length,
      ordinal: index + 1,
      taxPercent,
      until,
    }),
  )
}

interface Period {
  readonly start: number
  readonly length: number
  readonly ordinal: number
  readonly taxPercent: number
  readonly until: number
}

function makeInvoice(
  random: Random,
  person: Person,
  subscription: Subscription,
  { start, length, ordinal, taxPercent, until }: Period,
): Invoice {
  const subtotal = subscription.seats * subscription.unit_amount
  const tax = Math.round((subtotal * taxPercent) / 100)
  const overdue = subscription.status === 'past_due' && start === subscription.current_period_start
  const status = overdue ? 'open' : random.chance(0.02) ? 'void' : 'paid'
  const settledAt = status === 'open' ? null : moment(random, start, Math.min(until, start + 2 * hour))
  return {
    id: random.uuid(),
    subscription_id: subscription.id,
    user_id: person.id,
    number: `S${String(person.index + 1).padStart(6, '0')}-${String(ordinal).padStart(3, '0')}`,
    status,
    currency: subscription.currency,
    subtotal_amount: subtotal,
    tax_amount: tax,
    total_amount: subtotal + tax,
    paid_amount: status === 'paid' ? subtotal + tax : 0,
    line_items: [
      {
        description: `${subscription.plan} plan`,
        quantity: subscription.seats,
        unit_amount: subscription.unit_amount,
        amount: subtotal,
      },
    ],
    billing_details: { name: `${person.name} ${person.surname}`, email: person.email },
    provider: subscription.provider,
    provider_invoice_id: `in_${subscription.id}_${ordinal}`,
    period_start: start,
    period_end: start + length,
    issued_at: start,
    due_at: start + 14 * day,
    paid_at: status === 'paid' ? settledAt : null,
    voided_at: status === 'void' ? settledAt : null,
    created_at: start,
    updated_at: settledAt ?? start,
  }
}

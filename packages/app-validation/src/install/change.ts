import {
  createFunction,
  createTrigger,
  dropFunction,
  dropTrigger,
  enableTrigger,
  type RelationName,
  type Trigger,
  type TriggerFunction,
} from './trigger.ts'

/** One difference between what is there and what should be, and so one thing to do. */
export type Change =
  | { readonly kind: 'function missing' | 'function changed'; readonly function: TriggerFunction }
  | { readonly kind: 'trigger missing' | 'trigger changed'; readonly trigger: Trigger }
  | { readonly kind: 'trigger not always'; readonly trigger: Named }
  | { readonly kind: 'trigger left over'; readonly trigger: Named }
  | { readonly kind: 'function left over'; readonly name: string }

interface Named {
  readonly name: string
  readonly relation: RelationName
}

/** What is done about it. */
export function sqlOf(change: Change): string {
  switch (change.kind) {
    case 'function missing':
    case 'function changed':
      return createFunction(change.function)
    case 'trigger missing':
      return createTrigger(change.trigger)
    case 'trigger changed':
      return `${dropTrigger(change.trigger)}\n${createTrigger(change.trigger)}`
    case 'trigger not always':
      return enableTrigger(change.trigger)
    case 'trigger left over':
      return dropTrigger(change.trigger)
    case 'function left over':
      return dropFunction(change.name)
  }
}

/** The table that a change locks; none for a function. */
export const relationOf = (change: Change): RelationName | undefined =>
  'trigger' in change ? change.trigger.relation : undefined

/** What is the matter, for people. */
export function describeChange(change: Change): string {
  if ('trigger' in change) {
    const { name, relation } = change.trigger
    const words = { 'trigger not always': 'isn’t ENABLE ALWAYS', ...others }
    return `trigger ${name} on ${relation.schema}.${relation.name} ${words[change.kind]}`
  }
  const name = 'function' in change ? change.function.name : change.name
  const words = {
    'function missing': 'is missing',
    'function changed': 'was changed',
    'function left over': 'is left over',
  }
  return `function integrity.${name} ${words[change.kind]}`
}

const others = {
  'trigger missing': 'is missing',
  'trigger changed': 'was changed',
  'trigger left over': 'is left over',
} as const

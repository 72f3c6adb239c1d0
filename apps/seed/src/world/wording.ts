/** What specifications are about, with questions that bring it out; `%` stands for the product or a part of it. */
export const categories = {
  goals: ['What shall % achieve for its users?', 'How will you know that % is a success?'],
  requirements: ['What must % do before it may go live?', 'What may % leave out at first?'],
  users: ['Who works with % every day?', 'What does a newcomer to % know already?'],
  data: ['Which data does % keep, and for how long?', 'Who owns what is entered into %?'],
  technology: ['Which platforms must % run on?', 'What does the team that builds % know best?'],
  architecture: ['Which parts of % may fail by themselves?', 'What does % exchange with other systems?'],
  security: ['Who may see what in %?', 'What would an attacker want from %?'],
  performance: ['How many people use % at the same time?', 'How long may % take to answer?'],
  deployment: ['Where is % operated, and by whom?', 'How often is % released?'],
  testing: ['How is a change of % accepted?', 'Which failure of % must never come back?'],
  constraints: ['Which laws apply to %?', 'What must not change when % arrives?'],
  timeline: ['When is the first version of % needed?', 'What comes after the first version of %?'],
} as const

export type Category = keyof typeof categories

export const categoryNames: readonly Category[] = [
  'goals',
  'requirements',
  'users',
  'data',
  'technology',
  'architecture',
  'security',
  'performance',
  'deployment',
  'testing',
  'constraints',
  'timeline',
]

/** A model with its price in US dollars for a million tokens. */
export interface Model {
  readonly provider: 'anthropic' | 'openai' | 'google' | 'local'
  readonly name: string
  readonly input: number
  readonly output: number
}

export const models: readonly (readonly [Model, number])[] = [
  [{ provider: 'anthropic', name: 'large-reasoner', input: 3, output: 15 }, 0.5],
  [{ provider: 'openai', name: 'general-assistant', input: 2.5, output: 10 }, 0.25],
  [{ provider: 'google', name: 'fast-assistant', input: 0.3, output: 2.5 }, 0.2],
  [{ provider: 'local', name: 'house-model', input: 0, output: 0 }, 0.05],
]

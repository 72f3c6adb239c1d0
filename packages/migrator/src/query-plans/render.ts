import { styleText } from 'node:util'
import type { Comparison } from './compare.ts'
import type { Explained } from './explain.ts'

const style = (colour: 'green' | 'red', text: string) => styleText(colour, text, { stream: process.stdout })

/** A query and its plan. */
export function renderExplained({ name, database, plan, problem }: Explained): readonly string[] {
  if (!plan) return [`❌ ${name} (${database}) does not work: ${problem}`]
  return [
    `${name} (${database}): cost ${plan.cost}, ${rows(plan.rows)}`,
    ...plan.shape.map((line) => `   ${line}`),
  ]
}

const marks: Readonly<Record<Comparison['verdict'], string>> = {
  same: '✅',
  changed: '✅',
  better: '✅',
  new: '✅',
  gone: '✅',
  worse: '❌',
}

/** A line for a plan that is as it was; both plans where they differ. */
export function renderComparison(comparison: Comparison): readonly string[] {
  const { name, database, verdict, remarks, before, after } = comparison
  const costs = [before, after].flatMap((each) => (each?.plan ? [String(each.plan.cost)] : []))
  const reasons = remarks.length > 0 ? `; ${remarks.join('; ')}` : ''
  const [was, is] = [before?.plan?.shape ?? [], after?.plan?.shape ?? []]
  const differs = was.join('\n') !== is.join('\n')
  return [
    `${marks[verdict]} ${name} (${database}) ${verdict}, cost ${costs.join(' → ') || 'unknown'}${reasons}`,
    ...(differs
      ? [
          ...was.map((line) => style('red', `   - ${line}`)),
          ...is.map((line) => style('green', `   + ${line}`)),
        ]
      : []),
  ]
}

const rows = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`

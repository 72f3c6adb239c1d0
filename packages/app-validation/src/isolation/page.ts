import type { Difference } from './differences.ts'
import { levels, type Scenario } from './scenario.ts'

/** The page that shows what is compared and how it differs, below the root of the repository. */
export const page = 'docs/explanation/isolation.md'

/** Puts what is known here between the page's marks. @throws Error when it has none */
export function fillPage(
  text: string,
  scenarios: readonly Scenario[],
  differences: readonly Difference[],
): string {
  return [
    ['scenarios', renderScenarios(scenarios)] as const,
    ['differences', differences.map(renderDifference).join('\n\n')] as const,
  ].reduce((filled, [name, content]) => fill(filled, name, content), text)
}

function fill(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${page} has no ${begin} … ${end}`)
  return `${text.slice(0, from)}${begin}\n\n${content}\n\n${text.slice(to)}`
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const renderScenarios = (scenarios: readonly Scenario[]): string =>
  [
    row(['scenario', 'after', 'actions', 'isolation levels']),
    '|---|---|---|---|',
    ...scenarios.map(({ name, after, actions, levels: some }) =>
      row([
        name,
        after.map((test) => `\`${test}\``).join(', ') || '—',
        actions.join(', '),
        some.length === levels.length ? 'all' : some.join(', '),
      ]),
    ),
  ].join('\n')

const renderDifference = ({ name, why, actions, scenarios, cases }: Difference): string =>
  [
    `### ${name}`,
    '',
    [
      why,
      ...(actions ? [`Only under ${actions.map((action) => `\`${action}\``).join(' and ')}.`] : []),
      ...(scenarios ? [`Only where ${scenarios.join('; and where ')}.`] : []),
    ].join('\n\n'),
    '',
    row(['step', 'native key', 'here']),
    '|---|---|---|',
    ...cases.map(({ at, native, here, races }) => row([at, native, races ? `${here}, or the same` : here])),
  ].join('\n')

import { styleText } from 'node:util'
import type { Result } from './result.ts'

const marks: Readonly<Record<Result['status'], string>> = {
  ok: '✅',
  unknown: '·',
  warning: '⚠',
  failed: '❌',
}

/** A line for each result, by database, with why and what to do where something is not as it should be. */
export function renderResults(results: readonly Result[]): readonly string[] {
  const databases = [...new Set(results.map(({ database }) => database))]
  const width = Math.max(0, ...results.map(({ check }) => check.length))
  return [
    ...databases.flatMap((database) => {
      const own = results.filter((each) => each.database === database)
      if (databases.length > many && own.every(isFine)) return [`✅ ${database}: ${own.length} checks`, '']
      return [bold(database), ...own.flatMap((each) => render(each, width)), '']
    }),
    summarize(results),
  ]
}

/** Of more databases than that, those where all is well take one line each. */
const many = 4

const isFine = ({ status }: Result): boolean => status === 'ok' || status === 'unknown'

const bold = (text: string): string => styleText('bold', text, { stream: process.stdout })

function render({ status, check, what, why, fix }: Result, width: number): readonly string[] {
  const mark = marks[status]
  // Some marks are two columns wide.
  const gap = status === 'ok' || status === 'failed' ? ' ' : '  '
  return [
    `  ${mark}${gap}${check.padEnd(width)}  ${what}`,
    ...[why && `why  ${why}`, fix && `fix  ${fix}`].flatMap((line) =>
      line ? line.split('\n').map((each) => `     ${' '.repeat(width)}  ${each}`) : [],
    ),
  ]
}

function summarize(results: readonly Result[]): string {
  const of = (status: Result['status']) => results.filter((each) => each.status === status).length
  const parts = [
    `${of('ok')} ok`,
    ...(of('unknown') > 0 ? [`${of('unknown')} can't be seen`] : []),
    `${of('warning')} warnings`,
    `${of('failed')} failed`,
  ]
  return parts.join(', ')
}

import { stripVTControlCharacters } from 'node:util'

const duration = /\d+(?:\.\d+)? (?:ms|s)\b|\d+ min \d+ s\b/g
/** What pnpm adds on stderr around a script. */
const remark = /^(\$ node |\[ELIFECYCLE\])/

/** An output as it is compared: without colours, remarks of the package manager, and exact durations. */
const normalize = (output: string): string[] =>
  stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => !remark.test(line))
    .map((line) => line.replaceAll(duration, '0 ms').replaceAll('\t', ' ').trim())

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A line of a sample as a pattern: `…` stands for anything in it, and runs of blanks for one another. */
const patternOf = (line: string): string =>
  line
    .split('…')
    .map((part) => literal(part).replaceAll(/ +/g, ' +'))
    .join('[^\\n]*')

/** Whether an output is what a page shows: `…` alone on a line stands for any lines, also none. */
export function matches(output: string, sample: string): boolean {
  const source = normalize(sample)
    .map((line) => (line === '…' ? '(?:[^\\n]*\\n)*' : `${patternOf(line)}\\n`))
    .join('')
  return new RegExp(`^\\n*${source}\\n*$`).test(`${normalize(output).join('\n')}\n`)
}

/** The same for lines in any order: every line of the sample is in the output. */
export function matchesUnordered(output: string, sample: string): boolean {
  const lines = normalize(output)
  return normalize(sample)
    .filter((line) => line !== '…' && line !== '')
    .every((line) => lines.some((other) => new RegExp(`^${patternOf(line)}$`).test(other)))
}

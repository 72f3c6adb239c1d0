import { styleText } from 'node:util'

/** Where a command's words go: data to stdout, decoration to stderr. */
export interface Output {
  /** A line of the result. */
  data(line: string): void
  /** A remark for people; silent when JSON is asked for. */
  note(line: string): void
  /** A finished part of longer work. */
  step(name: string, milliseconds: number): void
}

export function makeOutput(json: boolean): Output {
  const note = (line: string) => {
    if (!json) process.stderr.write(`${line}\n`)
  }
  return {
    data: (line) => process.stdout.write(`${line}\n`),
    note,
    step: (name, milliseconds) => note(`  ${dim(duration(milliseconds).padStart(7))}  ${name}`),
  }
}

/** `12 ms`, `1.2 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

const style =
  (format: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(format, text, { stream: process.stderr })

export const dim = style('dim')
export const red = style('red')
export const bold = style('bold')

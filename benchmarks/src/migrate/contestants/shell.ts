import type { Command } from '../../measure.ts'

/** A word that the shell takes as it is. */
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** The command line of a program and its arguments. */
export const line = (...words: readonly string[]): string => words.map(quote).join(' ')

/**
 * Tools that know one database at a time are started for all of them at once, which is the fastest that a script
 * around them can do. Fails when one of them fails.
 */
export function atOnce(
  lines: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Command {
  const started = lines.map((text, index) => `${text} & p${index}=$!`)
  const awaited = lines.map((_, index) => `wait $p${index} || failed=1`)
  const script = ['failed=0', ...started, ...awaited, 'exit $failed'].join('\n')
  return { program: '/bin/sh', args: ['-c', script], cwd, env }
}

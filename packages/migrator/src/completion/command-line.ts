const ownFlags = new Set(['-s', '--silent', 'run', 'exec', '-w', '--workspace-root'])

/**
 * What of a command line belongs to the `db` command, which it may reach through pnpm: `db up`,
 * `node_modules/.bin/db up`, `pnpm -s db up`, `pnpm db:up`. Undefined for somebody else's.
 * @param words up to the cursor, the program first and the word at the cursor last
 */
export function ownWords([program = '', ...words]: readonly string[]): readonly string[] | undefined {
  if (words.length === 0) return undefined
  if (program.split(/[/\\]/).at(-1) !== 'pnpm') return words
  const start = words.findIndex((word) => !ownFlags.has(word))
  const script = words[start] ?? ''
  const more = words.slice(start + 1)
  if (more.length === 0) return undefined
  if (script === 'db') return more
  return script.startsWith('db:') ? [script.slice('db:'.length), ...more] : undefined
}

/**
 * Writes the words of a command line out as commander reads them. `--auth-only` is short for `--only auth`, whatever
 * the databases are called; and `--backup` takes a directory as `--backup=DIRECTORY` alone, since the word after it may
 * be a revision.
 */
export function expandShort(word: string): readonly string[] {
  if (word === '--backup') return ['--backup=']
  const label = /^--(.+)-only$/.exec(word)?.[1]
  return label === undefined ? [word] : ['--only', label]
}

import type { Revision } from './revision.ts'

/** `revises: 008` and its like; a title begins with a capital letter or holds no such colon. */
const entry = /^[a-z][a-z-]*\s*:/

/** What a revision is about: the first comment line of its script, else the words of its directory's name. */
export function titleOf({ script, name }: Pick<Revision, 'script' | 'name'>): string {
  const [first] = descriptionOf({ script })
  if (first !== undefined) return first
  const words = name.slice(name.indexOf('_') + 1)
  return words.replaceAll('_', ' ')
}

/** The comment above a script, without the header's entries and the empty lines around it. */
export function descriptionOf({ script }: Pick<Revision, 'script'>): readonly string[] {
  const lines: string[] = []
  for (const line of script.split(/\r?\n/)) {
    const text = /^\s*--(.*)$/.exec(line)?.[1]?.trim()
    if (text === undefined) break
    if (!entry.test(text)) lines.push(text)
  }
  const start = lines.findIndex((line) => line !== '')
  const end = lines.findLastIndex((line) => line !== '')
  return start === -1 ? [] : lines.slice(start, end + 1)
}

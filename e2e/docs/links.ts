import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { proseOf } from './blocks.ts'
import { readText, root } from './pages.ts'

/** The anchor that a heading gets: lower case, without punctuation, hyphens for spaces. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

export const headingsOf = (page: string): readonly string[] =>
  [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading)

/** Targets of the links and pictures in a page, web addresses aside. */
export const linksOf = (page: string): readonly string[] =>
  [
    ...proseOf(page)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

/** What is wrong with the link; undefined when it leads somewhere. */
export function problemOf(from: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? from : normalize(join(dirname(from), path))
  if (!existsSync(join(root, file))) return `${target}: there is no ${file}`
  if (anchor === undefined) return undefined
  const anchors = headingsOf(readText(file)).map(anchorOf)
  return anchors.includes(anchor) ? undefined : `${target}: ${file} has no such heading`
}

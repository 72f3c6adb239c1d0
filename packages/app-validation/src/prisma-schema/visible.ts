import { maskStrings, type SourceFile } from './scan.ts'

/**
 * The schema with `@ignore` and `@@ignore` blanked out. They hide a column from Prisma Client only: it is in
 * the database all the same, and may name a user. Every other character keeps its place.
 */
export const withoutIgnores = ({ file, text }: SourceFile): SourceFile => ({
  file,
  text: text.split('\n').map(blankIgnores).join('\n'),
})

function blankIgnores(line: string): string {
  const code = maskStrings(line)
  let result = line
  const end = code.indexOf('//')
  for (const { 0: attribute, index } of code.matchAll(/@@?ignore\b/g)) {
    if (end !== -1 && index > end) break
    result = result.slice(0, index) + ' '.repeat(attribute.length) + result.slice(index + attribute.length)
  }
  return result
}

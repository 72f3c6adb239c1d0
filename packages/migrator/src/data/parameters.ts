import { type ScanToken, scan } from 'libpg-query'

/** What a batch is told: how many rows it may take, and where the one before it ended. */
export const parameterNames = ['batch', 'cursor'] as const
type ParameterName = (typeof parameterNames)[number]

/**
 * A script whose named parameters are PostgreSQL's own: `$1` is `:batch`, `$2` is `:cursor`. Both texts are as long
 * as the script, character for character, so that positions in one are positions in the other.
 */
export interface BoundScript {
  /** For the first batch, in which `:cursor` is NULL. */
  readonly first: string
  /** For the others. */
  readonly next: string
  readonly names: ReadonlySet<ParameterName>
  /** Names after a colon that mean nothing here. */
  readonly unknown: readonly string[]
}

/**
 * Binds a script's named parameters. PostgreSQL's own scanner finds them, so that `::text`, literals, dollar
 * quotes and comments stay what they are. As in psql, no blank stands behind the colon: a slice of an array is
 * `[1 : batch]`. Rejects where the scanner stops, which is where a literal or a comment has no end.
 */
export async function bindParameters(script: string): Promise<BoundScript> {
  const tokens = (await scan(script)).tokens.filter(({ tokenName }) => !tokenName.endsWith('_COMMENT'))
  // The scanner counts bytes.
  const bytes = Buffer.from(script)
  const names = new Set<ParameterName>()
  const unknown: string[] = []
  const texts = { first: '', next: '' }
  let end = 0
  for (const [index, colon] of tokens.entries()) {
    const [name, after] = [tokens[index + 1], tokens[index + 2]]
    if (colon.text !== ':' || !name || name.start !== colon.end || !isWord(name.text)) continue
    if (!isParameter(name.text)) {
      unknown.push(name.text)
      continue
    }
    names.add(name.text)
    const before = bytes.toString('utf8', end, colon.start)
    const length = name.end - colon.start
    texts.first += before + (name.text === 'cursor' ? 'NULL' : '$1').padEnd(length)
    texts.next += before + placeholder(name.text, after).padEnd(length)
    end = name.end
  }
  const rest = bytes.toString('utf8', end)
  return { first: texts.first + rest, next: texts.next + rest, names, unknown }
}

/** PostgreSQL finds no type for a parameter of which is only asked whether it `IS NULL`; any literal answers that. */
const placeholder = (name: ParameterName, after: ScanToken | undefined): string => {
  if (name === 'batch') return '$1'
  return after?.text.toUpperCase() === 'IS' ? "''" : '$2'
}

const isWord = (text: string): boolean => /^[a-z_]\w*$/i.test(text)

const isParameter = (name: string): name is ParameterName =>
  parameterNames.some((parameter) => parameter === name)

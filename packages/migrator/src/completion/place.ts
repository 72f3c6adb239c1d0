import type { Argument, Command, Option } from 'commander'

/** What the word at the cursor can be. */
export type Place =
  | { readonly kind: 'option' }
  /** `name` is that of an argument, or an option with its dashes; `prefix` stands before the value: `--only=`. */
  | { readonly kind: 'value'; readonly name: string; readonly prefix: string }

/** Reads the words after a command's name, as commander will. Pure. */
export function placeOf(command: Command, words: readonly string[]): Place {
  const current = words.at(-1) ?? ''
  let arguments_ = 0
  let waiting: Option | undefined
  for (const word of words.slice(0, -1)) {
    if (waiting && (waiting.required || !word.startsWith('-'))) waiting = undefined
    else {
      waiting = valued(command, word)
      if (!word.startsWith('-')) arguments_ += 1
    }
  }
  if (waiting && (waiting.required || !current.startsWith('-'))) return value(nameOf(waiting))
  const [, flag] = /^(--[^=]+)=/.exec(current) ?? []
  if (flag !== undefined) return value(flag, `${flag}=`)
  const argument = argumentAt(command.registeredArguments, arguments_)
  return current.startsWith('-') || !argument ? { kind: 'option' } : value(argument.name())
}

const value = (name: string, prefix = ''): Place => ({ kind: 'value', name, prefix })
const nameOf = ({ long, short }: Option): string => long ?? short ?? ''

/** The option that a word names, when its value is the next word. */
const valued = (command: Command, word: string): Option | undefined =>
  command.options.find(
    ({ long, short, required, optional }) => (required || optional) && (long === word || short === word),
  )

function argumentAt(all: readonly Argument[], index: number): Argument | undefined {
  const last = all.at(-1)
  return all[index] ?? (last?.variadic ? last : undefined)
}

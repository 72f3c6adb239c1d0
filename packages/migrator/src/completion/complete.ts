import type { Command } from 'commander'
import type { Catalog } from '../catalog/catalog.ts'
import { expandShort } from '../settings/short-words.ts'
import { type Candidate, type Candidates, startingWith, withPrefix } from './candidate.ts'
import { placeOf } from './place.ts'
import { sources } from './sources.ts'

/** Loads the catalog, that of `--config FILE` where the command line says one. */
export type FindCatalog = (config: string | undefined) => Promise<Catalog | undefined>

/** Loads the program with the command of that name, or with all of them. */
export type LoadProgram = (name?: string) => Promise<Command>

/**
 * What can stand at the cursor.
 * @param words after the program, up to the cursor; the last is the word at the cursor, perhaps empty
 * @param loadCatalog gives undefined where there is none: commands and options are completed all the same
 */
export async function complete(
  words: readonly string[],
  loadProgram: LoadProgram,
  loadCatalog: FindCatalog,
): Promise<Candidates> {
  const found = await all(words, loadProgram, loadCatalog)
  const typed = words.at(-1) ?? ''
  return found === 'files' ? found : startingWith(typed, found)
}

/** Also what doesn't begin as the word at the cursor does. */
async function all(
  words: readonly string[],
  loadProgram: LoadProgram,
  loadCatalog: FindCatalog,
): Promise<Candidates> {
  const [name = ''] = words
  const program = await loadProgram(words.length === 1 ? undefined : name)
  const { command, rest } = descend(program, words)
  if (!command) return []
  if (command.commands.length > 0) return commandsOf(command)
  const place = placeOf(command, [...rest.slice(0, -1).flatMap(expandShort), rest.at(-1) ?? ''])
  const catalog = await loadCatalog(configIn(rest.slice(0, -1)))
  if (place.kind === 'option') return [...optionsOf(command, rest), ...shortcuts(catalog)]
  const source = sources[place.name]
  if (!source || !catalog) return []
  const typed = (rest.at(-1) ?? '').slice(place.prefix.length)
  const found = source({ catalog, command: command.name(), words: rest, typed })
  return found === 'files' ? found : withPrefix(place.prefix, found)
}

function configIn(words: readonly string[]): string | undefined {
  const index = words.findLastIndex((word) => word === '--config' || word.startsWith('--config='))
  const word = words[index]
  return word === '--config' ? words[index + 1] : word?.slice('--config='.length)
}

/** The command that the words before the cursor lead to, and the words that are left; none for an unknown one. */
function descend(command: Command, words: readonly string[]): { command?: Command; rest: readonly string[] } {
  const [name, ...rest] = words
  if (command.commands.length === 0 || rest.length === 0) return { command, rest: words }
  const next = command.commands.find((each) => each.name() === name)
  return next ? descend(next, rest) : { rest }
}

const commandsOf = ({ commands }: Command): readonly Candidate[] =>
  commands.map((command) => ({ value: command.name(), description: command.summary() }))

/** An option that was said is offered again only where it adds up. */
function optionsOf({ options }: Command, words: readonly string[]): readonly Candidate[] {
  return [
    ...options,
    { long: '--help', description: 'how it is called', variadic: false, defaultValue: undefined },
  ]
    .filter(
      ({ long, defaultValue }) => Array.isArray(defaultValue) || !words.slice(0, -1).includes(long ?? ''),
    )
    .map(({ long, description }) => ({ value: long ?? '', description }))
}

/** `--auth-only`, as `--only auth`. */
const shortcuts = (catalog: Catalog | undefined): readonly Candidate[] =>
  catalog?.databases.map(({ label, name }) => ({ value: `--${label}-only`, description: name })) ?? []

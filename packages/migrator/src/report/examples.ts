import { Command } from 'commander'

/** Command lines as they are typed, and what each does. */
export type Examples = Readonly<Record<string, string>>

/** A command that shows how it is called: below its help and on the reference page; a test runs every line. */
export class DbCommand extends Command {
  examples: Examples = {}

  /** Given once, after all other help. */
  showing(examples: Examples): this {
    this.examples = examples
    return this.addHelpText('after', `\nExamples:\n${renderExamples(examples).join('\n')}`)
  }
}

/** The examples of a command that `makeProgram` has made. */
export const examplesOf = (command: Command): Examples =>
  command instanceof DbCommand ? command.examples : {}

/** A command that can be called, by its whole name: `migrate`, `integrity sweep`. */
export interface Leaf {
  readonly name: string
  readonly command: Command
}

/** The commands below a program or a family. */
export const leavesOf = ({ commands }: Command, prefix = ''): readonly Leaf[] =>
  commands.flatMap((command) => {
    const name = `${prefix}${command.name()}`
    return command.commands.length === 0 ? [{ name, command }] : leavesOf(command, `${name} `)
  })

/** A longer line has its explanation below it. */
const widest = 46

function renderExamples(examples: Examples): readonly string[] {
  const lengths = Object.keys(examples).map(({ length }) => length)
  const width = Math.max(...lengths.filter((length) => length <= widest), 0) + 2
  return Object.entries(examples).map(([line, does]) =>
    line.length < width ? `  ${line.padEnd(width)}${does}` : `  ${line}\n  ${' '.repeat(width)}${does}`,
  )
}

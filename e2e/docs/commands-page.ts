import { describeCommands, examplesOf, leavesOf } from '@manybase/migrator/cli'

// What the page needs of commander's definitions, so that this folder needs no commander.
type Command = Awaited<ReturnType<typeof describeCommands>>
type Leaf = ReturnType<typeof leavesOf>[number]
interface Option {
  readonly flags: string
  readonly description: string
  readonly defaultValue?: unknown
  readonly defaultValueDescription?: string | undefined
  readonly hidden: boolean
}
export const commandsPage = 'docs/reference/commands.md'

const intro = `# Commands

Written by \`node e2e/docs/write-commands-page.ts\` from the commands' definitions; a test holds it to them.

\`pnpm db COMMAND\` runs each of these, from any folder of the repository; \`pnpm db COMMAND --help\` shows its options. A
test runs every example. Scripts of the root are short for some: \`pnpm db:migrate\`, \`db:up\`, \`db:down\`, \`db:reset\`, \`db:studio\`, \`db:diagram\`, \`db:url\`.
\`--<label>-only\`, such as \`--auth-only\`, is short for \`--only <label>\`. stdout carries data, stderr the rest; see the
[exit codes](exit-codes.md) and the [JSON](formats.md#json).
`

/** The reference of all commands, in the order of the help page. */
export async function renderCommandsPage(): Promise<string> {
  const leaves = leavesOf(await describeCommands())
  const commands = leaves.map(({ command }) => command)
  const common = (commands[0]?.options ?? []).filter(({ flags }) => isCommon(flags, commands))
  return [
    intro,
    '## Options of all commands\n',
    optionTable(common),
    ...leaves.flatMap((leaf) => renderCommand(leaf, common)),
  ].join('\n')
}

const isCommon = (flags: string, commands: readonly Command[]): boolean =>
  commands.filter((command) => has(command, flags)).length > commands.length / 2

const has = ({ options }: Command, flags: string): boolean => options.some((option) => option.flags === flags)

function renderCommand({ name, command }: Leaf, common: readonly Option[]): string[] {
  const shared = new Set(common.map(({ flags }) => flags))
  const own = command.options.filter(({ flags, hidden }) => !hidden && !shared.has(flags))
  const args = command.registeredArguments.map((argument) => ({
    flags: argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    description: argument.description,
  }))
  const usage = ['pnpm db', name, ...args.map(({ flags }) => flags)].join(' ')
  const rows = [...args, ...own]
  return [
    `## \`${usage}\`\n`,
    `${[sentence(command.summary()), ...without(command, common)].join(' ')}\n`,
    ...(rows.length > 0 ? [optionTable(rows)] : []),
    '```sh',
    ...Object.entries(examplesOf(command)).map(([line, does]) => `${line}  # ${does}`),
    '```\n',
  ]
}

/** Which options it does not have that almost all have. */
function without(command: Command, common: readonly Option[]): readonly string[] {
  const absent = common
    .filter(({ flags }) => !has(command, flags))
    .map(({ flags }) => `\`${flags.split(' ')[0]}\``)
  return absent.length > 0 ? [`It takes no ${absent.join(' and no ')}.`] : []
}

type Row = Pick<Option, 'flags' | 'description' | 'defaultValue' | 'defaultValueDescription'>

function optionTable(options: readonly Row[]): string {
  const rows = options.map(
    (row) => `| \`${row.flags.replaceAll('|', '\\|')}\` | ${row.description} | ${standardOf(row)} |`,
  )
  return ['| option | meaning | default |', '|---|---|---|', ...rows, ''].join('\n')
}

/** What holds where the option is not given. Of a `--no-…` option, on by default, saying so would confuse. */
function standardOf({ defaultValue, defaultValueDescription }: Row): string {
  if (defaultValueDescription !== undefined) return defaultValueDescription
  return defaultValue === undefined || typeof defaultValue === 'boolean' ? '' : String(defaultValue)
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

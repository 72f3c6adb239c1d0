import { relative } from 'node:path'
import { exitCodes } from '@manybase/failure'
import type { Created } from '../authoring/create.ts'
import { placeholderUnknown, templateUnknown } from '../authoring/failures.ts'
import { formatRename, parseRename, type Rename } from '../authoring/renames.ts'
import { fill, placeholdersOf, type Template } from '../authoring/templates/template.ts'
import { templates } from '../authoring/templates/templates.ts'
import { confirmed } from '../settings/confirm.ts'
import { type CommonOptions, type Context, findReferences } from '../settings/context.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface CreateOptions extends CommonOptions {
  readonly description?: string
  readonly empty?: boolean
  /** True without a name. */
  readonly template?: string | true
  readonly set: readonly string[]
  readonly rename: readonly string[]
  readonly revises: readonly string[]
  readonly dependsOn: readonly string[]
}

export const create: MakeCommand = (shell) => {
  const command = baseCommand('create', 'write the migration that leads from the history to the schema')
  return command
    .argument('[message]', 'what changes, in a few words')
    .option('--description <text>', 'more about it, for the header')
    .option('--rename <old:new>', 'TABLE.OLD:TABLE.NEW, or OLD:NEW for a table; may be repeated', append, [])
    .option('--empty', 'no difference: a script without statements')
    .option('--template [name]', 'no difference: a script to fill in; without a name, lists them')
    .option('--set <name=value>', 'fills a placeholder of the template; may be repeated', append, [])
    .option('--revises <ids>', 'the parents, where they are not the head', appendList, [])
    .option('--depends-on <revisions>', 'revisions that must be applied before, as NAME@005', appendList, [])
    .addHelpText('after', remarks)
    .showing({
      'pnpm db create "add notes to projects"': 'what schema.prisma says more than the history',
      'pnpm db create "say title" --rename projects.name:projects.title': 'a new name, and no loss',
      'pnpm db create --template': 'which templates there are',
      'pnpm db create "index sessions" --only specs --template concurrent-index --set table=sessions --set column=mode':
        'a template, filled in',
      'pnpm db create "tidy up" --only specs --empty': 'a script to write by hand',
    })
    .action(async (message: string | undefined, options: CreateOptions) => {
      const context = await contextFor(shell, options)
      if (options.template === true) listTemplates(context, options)
      else if (message === undefined) command.error("error: missing required argument 'message'")
      else await run(context, message, options)
      shell.exit(exitCodes.done)
    })
}

const remarks = `
Each selected database whose schema.prisma says something else than its history gets a migration.sql and a
down.sql, both tried out in a shadow database first. Nothing is applied: pnpm db:migrate does that.`

const append = (text: string, before: readonly string[]): readonly string[] => [...before, text]
const appendList = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text.split(','),
]

function listTemplates({ output }: Context, { json }: CreateOptions): void {
  const list = Object.entries(templates).map(([name, template]) => ({
    name,
    summary: template.summary,
    placeholders: placeholdersOf(template),
  }))
  if (json) output.data(JSON.stringify({ templates: list }, null, 2))
  else
    for (const { name, summary, placeholders } of list) {
      output.data(`${name.padEnd(18)}${summary} (${placeholders.join(', ')})`)
    }
}

async function run(context: Context, message: string, options: CreateOptions): Promise<void> {
  const { output, catalog } = context
  const renames = options.rename.map(parseRename)
  const template = templateOf(options)
  const { createMigrations } = await import('../authoring/create.ts')
  const created = await createMigrations(catalog, await findReferences(context, options.only), {
    message,
    description: options.description,
    revises: options.revises,
    dependsOn: options.dependsOn,
    renames,
    template,
    ask: (target, rename) => ask(target.name, rename, options),
  })
  if (options.json) output.data(JSON.stringify({ created: created.map(toJson(context)) }, null, 2))
  else for (const each of created) output.data(relative(context.cwd, each.path))
  for (const { database, losses, draft } of created) {
    for (const loss of losses) output.note(`⚠ ${database}: ${loss}`)
    for (const rename of draft?.lookAlikes ?? []) {
      output.note(`⚠ ${database}: is this a rename? Then make it again with --rename ${formatRename(rename)}`)
    }
  }
  if (created.length === 0) output.note('Nothing to do: every schema is what its history makes.')
}

function templateOf({ template: name, empty, set }: CreateOptions): Template | undefined {
  if (empty) return { summary: '', up: '', down: '' }
  if (typeof name !== 'string') return undefined
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined
  if (!template) throw templateUnknown({ name, known: Object.keys(templates) })
  const known = placeholdersOf(template)
  const values = set.map((text): [string, string] => {
    const equals = text.indexOf('=')
    const placeholder = text.slice(0, Math.max(0, equals))
    if (!known.includes(placeholder)) throw placeholderUnknown({ text, known })
    return [placeholder, text.slice(equals + 1)]
  })
  return fill(template, new Map(values))
}

/** Undefined where nobody can answer. */
async function ask(database: string, rename: Rename, { json }: CreateOptions): Promise<boolean | undefined> {
  if (json || !process.stdin.isTTY) return undefined
  const what = rename.kind === 'table' ? rename.from : `${rename.table}.${rename.from}`
  return await confirmed(`${database}: is ${rename.to} the new name of ${what}?`, false)
}

const toJson =
  ({ catalog }: Context) =>
  (created: Created) => ({
    database: created.database,
    revision: created.name,
    directory: relative(catalog.root, created.path),
    creates: created.draft?.creates ?? [],
    renames: created.draft?.renames.map(formatRename) ?? [],
    lookAlikes: created.draft?.lookAlikes.map(formatRename) ?? [],
    losses: created.losses,
  })

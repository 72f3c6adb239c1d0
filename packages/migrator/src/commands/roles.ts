import { type ExitCode, exitCodes } from '@manybase/failure'
import { Option } from 'commander'
import { select } from '../catalog/catalog.ts'
import { attachCompanion } from '../companion/attachment.ts'
import type { Finding } from '../roles/arrange.ts'
import type { PasswordFlags } from '../roles/logins.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface RolesOptions extends CommonOptions, PasswordFlags {
  readonly apply?: boolean
  readonly sql?: boolean
}

export const roles: MakeCommand = (shell) =>
  baseCommand(
    'roles',
    'show whether roles, owners and rights are as the catalog says; exit code 4 when they differ',
  )
    .option('--apply', 'make them so; creates a database that does not exist')
    .addOption(new Option('--sql', 'print what it takes as a script for psql').conflicts(['apply', 'json']))
    .option('--passwords <file>', 'let roles log in: a file of role=password lines, - is standard input')
    .addOption(
      new Option(
        '--generate-passwords <file>',
        'the same with new passwords, which are written to this file',
      ).conflicts('passwords'),
    )
    .addHelpText(
      'after',
      `
An administrator runs it with URLs of their own, who may create roles and owns the databases. Each database is changed in one
transaction. Passwords leave this machine as SCRAM verifiers.`,
    )
    .showing({
      'pnpm db roles': 'what differs, as statements',
      'pnpm db roles --apply --generate-passwords roles.txt': 'on a new server',
      'pnpm db roles --apply': 'after something was done by hand, or as another role',
      'pnpm -s db roles --sql > roles.sql': 'for a DBA who runs it with psql',
    })
    .action(action<RolesOptions>(shell, run))

async function run(context: Context, options: RolesOptions): Promise<ExitCode> {
  const { catalog, output } = context
  const { rolesNone, passwordsUnneeded } = await import('../roles/failures.ts')
  // A name that nobody has is the nearer mistake.
  select(catalog, options.only ?? [])
  if (!catalog.roles) throw rolesNone({ root: catalog.root })
  const mode = options.apply ? 'apply' : options.sql ? 'script' : 'show'
  const isGiven = (options.passwords ?? options.generatePasswords) !== undefined
  if (mode === 'show' && isGiven) throw passwordsUnneeded({})
  const [targets, { arrange }, { prepareLogins }, { namesIn }] = await Promise.all([
    findTargets(context, options.only),
    import('../roles/arrange.ts'),
    import('../roles/logins.ts'),
    import('../roles/desired.ts'),
  ])
  const attachment = await attachCompanion(context, targets)
  const { statements: logins, undo } = await prepareLogins(options, namesIn(catalog.roles))
  const findings = await arrange(targets, { names: catalog.roles, attachment, mode, logins }).catch(
    (error) => {
      undo()
      throw error
    },
  )
  if (mode === 'script') {
    const { writeScript } = await import('../roles/script.ts')
    for (const line of writeScript(targets, findings)) output.data(line)
  } else if (options.json) output.data(JSON.stringify({ roles: catalog.roles, databases: findings }, null, 2))
  else for (const line of findings.flatMap((finding) => describe(finding, mode))) output.data(line)
  for (const line of mode === 'script' ? findings.flatMap(describeRest) : []) output.note(line)
  const isDone = ({ exists, statements, beyond }: Finding) =>
    exists && beyond.length === 0 && (mode !== 'show' || statements.length === 0)
  return findings.every(isDone) ? exitCodes.done : exitCodes.found
}

function describe(finding: Finding, mode: 'show' | 'apply'): readonly string[] {
  const { databases, exists, statements, beyond } = finding
  const name = databases.join(', ')
  if (!exists) return [`❌ ${name}: doesn't exist; --apply creates it`]
  const isDone = beyond.length === 0 && (mode === 'apply' || statements.length === 0)
  const what =
    statements.length === 0
      ? 'as the catalog says'
      : `${statements.length} ${statements.length === 1 ? 'statement' : 'statements'}${mode === 'apply' ? ' done' : ''}`
  return [
    `${isDone ? '✅' : '❌'} ${name}: ${what}`,
    ...statements.map((statement) => `   ${withoutVerifier(statement)}`),
    ...describeRest(finding),
  ]
}

const describeRest = ({ beyond, withoutLogin }: Finding): readonly string[] => [
  ...beyond.map((statement) => `   for a superuser: ${statement}`),
  ...(withoutLogin.length === 0 ? [] : [`   without LOGIN: ${withoutLogin.join(', ')}`]),
]

/** It isn't the password, and yet nobody's business. */
const withoutVerifier = (statement: string): string => statement.replace(/'SCRAM-SHA-256\$[^']*'/, "'…'")

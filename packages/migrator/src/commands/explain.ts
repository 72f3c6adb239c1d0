import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { errorMessage, exitCodes } from '@manybase/failure'
import { InvalidArgumentError, Option } from 'commander'
import type { NamedQuery } from '../query-plans/queries.ts'
import { type CommonOptions, type Context, findReferences } from '../settings/context.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface ExplainOptions extends CommonOptions {
  readonly save?: string
  readonly compare?: string
  readonly tolerance: number
}

export const explain: MakeCommand = (shell) =>
  baseCommand(
    'explain',
    'show the plans of named queries, save them, or compare them; exit code 4 when one is worse',
  )
    .argument('<file>', 'queries in SQL, with `-- name: NAME` above each')
    .option('--save <file>', 'write the plans down, before a migration')
    .addOption(new Option('--compare <file>', 'compare them with those that were saved').conflicts('save'))
    .addOption(
      new Option('--tolerance <times>', 'how many times costlier a plan may be').argParser(times).default(2),
    )
    .addHelpText(
      'after',
      `
PostgreSQL is asked how it would run each query, for any value of its parameters ($1); none is run. \`-- database: NAME\` says
where a query belongs when several databases are selected. A plan is worse when the query no longer works, when it costs more
than --tolerance times as much, or when a table is read from beginning to end where an index was used.
The estimates live on statistics: let the migration gather them, with --analyze.`,
    )
    .showing({
      'pnpm db explain queries.sql': 'the plans as they are',
      'pnpm db explain queries.sql --save plans.json': 'before a migration',
      'pnpm db explain queries.sql --compare plans.json': 'after it',
    })
    .action(async (file: string, options: ExplainOptions) => {
      const context = await contextFor(shell, options)
      shell.exit(await run(context, resolve(context.cwd, file), options))
    })

function times(text: string): number {
  const number = Number(text)
  if (number >= 1) return number
  throw new InvalidArgumentError('It is a number from 1 on, such as 1.5.')
}

async function run(context: Context, file: string, options: ExplainOptions) {
  const { output, cwd } = context
  // The grammar of PostgreSQL comes along.
  const [
    { assignQueries },
    { explainQueries },
    { readRecord, writeRecord },
    { comparePlans },
    { renderComparison, renderExplained },
  ] = await Promise.all([
    import('../query-plans/assign.ts'),
    import('../query-plans/explain.ts'),
    import('../query-plans/record.ts'),
    import('../query-plans/compare.ts'),
    import('../query-plans/render.ts'),
  ])
  const before = options.compare === undefined ? undefined : readRecord(resolve(cwd, options.compare))
  const targets = await findReferences(context, options.only)
  const byTarget = assignQueries(context.catalog, file, await read(file), targets)
  const plans = (
    await Promise.all([...byTarget].map(([target, queries]) => explainQueries(target, queries)))
  ).flat()
  if (before) {
    const comparisons = comparePlans(before, plans, options.tolerance)
    if (options.json) output.data(JSON.stringify({ comparisons }, null, 2))
    else for (const line of comparisons.flatMap(renderComparison)) output.data(line)
    return comparisons.some(({ verdict }) => verdict === 'worse') ? exitCodes.found : exitCodes.done
  }
  if (options.save !== undefined) {
    const path = resolve(cwd, options.save)
    writeRecord(path, plans)
    output.note(`${plans.length} plans are in ${relative(cwd, path)}.`)
  }
  if (options.json) output.data(JSON.stringify({ plans }, null, 2))
  else for (const line of plans.flatMap(renderExplained)) output.data(line)
  return plans.every(({ plan }) => plan) ? exitCodes.done : exitCodes.found
}

async function read(file: string): Promise<readonly NamedQuery[]> {
  const [{ readQueries }, { queriesUnusable }] = await Promise.all([
    import('../query-plans/queries.ts'),
    import('../query-plans/failures.ts'),
  ])
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw queriesUnusable({ file, problem: errorMessage(error) }, error)
  }
  return await readQueries(file, text)
}

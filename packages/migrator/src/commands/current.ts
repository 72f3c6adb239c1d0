import { exitCodes } from '@manybase/failure'
import { entryOf, type Target } from '../catalog/target.ts'
import { type Answer, answersOf, silentOf, survey } from '../fleet/survey.ts'
import { explainFinding } from '../plan/findings.ts'
import type { RevisionNode } from '../plan/graph.ts'
import { currentNodes } from '../plan/situation.ts'
import { type DatabaseState, isAtHead } from '../plan/state.ts'
import { silentLine, silentToJson } from '../report/members.ts'
import { type RevisionView, renderEntry, renderHead, revisionToJson } from '../report/revision.ts'
import { type CommonOptions, findTargets } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { situationOf } from '../settings/situation.ts'
import { inspectState } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface CurrentOptions extends CommonOptions, JobsFlag {
  readonly verbose?: boolean
}

export const current: MakeCommand = (shell) =>
  withJobs(baseCommand('current', 'show at which revision each database stands'))
    .option('-v, --verbose', 'all that the headers say, and where the databases are')
    .showing({
      'pnpm db current': 'a line for each database',
      'pnpm db current --verbose --only auth': 'with all that the header says, and where the database is',
    })
    .action(
      action<CurrentOptions>(shell, async (context, options) => {
        const { output, catalog } = context
        const answers = await survey(await findTargets(context, options.only), inspectState, options.jobs)
        const silent = silentOf(answers)
        const standings = standingsOf(answers)
        // A ledger that the history doesn't explain makes what follows only half the truth.
        for (const finding of answersOf(answers).flatMap(({ findings }) => findings)) {
          output.note(explainFinding(finding).what)
        }
        if (options.json) {
          const found = standings.map(({ target, nodes, atHead }) => ({
            database: target.name,
            atHead,
            revisions: nodes.map((node) => revisionToJson(node, catalog.root, true)),
          }))
          output.data(JSON.stringify({ databases: [...found, ...silent.map(silentToJson)] }, null, 2))
        } else {
          const view = { root: catalog.root, labelled: answers.length > 1, current: new Set<RevisionNode>() }
          const lines = options.verbose
            ? standings.flatMap((standing) => renderVerbose(standing, view))
            : renderStandings(standings, view)
          for (const line of [...lines, ...silent.map(silentLine)]) output.data(line)
        }
        return silent.length === 0 ? exitCodes.done : exitCodes.precondition
      }),
    )

/** Where one database stands. */
interface Standing {
  readonly target: Target
  readonly nodes: readonly RevisionNode[]
  readonly atHead: boolean
}

/** Single databases are one situation, since their histories may need each other; a member of a list is its own. */
function standingsOf(answers: readonly Answer<DatabaseState>[]): readonly Standing[] {
  const answered = answers.filter((answer) => answer.kind === 'answered')
  const singles = situationOf(answered.filter(({ target }) => !target.membership).map(({ value }) => value))
  return answered.map(({ target, value }) => ({
    target,
    nodes: currentNodes(target.membership ? situationOf([value]) : singles, target.name),
    atHead: isAtHead(value),
  }))
}

function renderVerbose({ target, nodes }: Standing, view: RevisionView): readonly string[] {
  return [
    `Current revision(s) for ${target.name} at ${target.connection.masked}:`,
    ...(nodes.length === 0 ? [base(target.name, view)] : []),
    ...nodes.flatMap((node) => renderEntry(node, view)),
  ]
}

/** Members of a list that stand at the same place are one line. */
const renderStandings = (standings: readonly Standing[], view: RevisionView): readonly string[] =>
  [...Map.groupBy(standings, placeOf).values()].flatMap((alike) => {
    const [first] = alike
    if (!first) return []
    const lines = first.nodes.map((node) => renderHead(node, view))
    const shown = lines.length > 0 ? lines : [base(first.target.name, view)]
    const others = alike.length > 1 ? ` and ${alike.length - 1} more of ${entryOf(first.target)}` : ''
    return shown.map((line) => `${line}${others}`)
  })

const placeOf = ({ target, nodes }: Standing): string =>
  `${entryOf(target)} ${nodes.map(({ revision }) => revision.id).join()}`

const base = (database: string, { labelled }: RevisionView) => (labelled ? `<base> (${database})` : '<base>')

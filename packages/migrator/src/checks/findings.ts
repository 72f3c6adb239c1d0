import type { Explanation } from '@manybase/failure'
import type { ExplanationsOf } from '../plan/findings/explain.ts'
import { type GraphFinding, graphExplanations } from '../plan/findings/graph.ts'
import { type LedgerFinding, ledgerExplanations } from '../plan/findings/ledger.ts'
import { explainFinding } from '../plan/findings.ts'
import { type DataFileFinding, dataFileExplanations } from './data-findings.ts'

interface At {
  readonly database: string
  /** The directory's name. */
  readonly revision: string
}

/** What `verify` finds and no plan is blocked by. */
export type ScriptFinding =
  | DataFileFinding
  | (At & {
      readonly kind: 'creates-wrong'
      readonly path: string
      /** Tables that the script creates and the header doesn't name, and the other way round. */
      readonly unnamed: readonly string[]
      readonly uncreated: readonly string[]
    })
  | (At & { readonly kind: 'down-missing'; readonly path: string })
  | (At & { readonly kind: 'options-invalid'; readonly path: string; readonly problem: string })
  | (At & {
      readonly kind: 'out-of-order'
      /** An applied revision that stands after it. */
      readonly applied: string
    })
  | (At & { readonly kind: 'script-unreadable'; readonly path: string; readonly problem: string })

export type CheckFinding = GraphFinding | LedgerFinding | ScriptFinding

const explanations: ExplanationsOf<ScriptFinding> = {
  ...dataFileExplanations,
  'creates-wrong': ({ revision, path, unnamed, uncreated }) => ({
    what: `The header of ${revision} names other tables than its script creates.`,
    why: [
      ...(unnamed.length > 0 ? [`Created and not named: ${unnamed.join(', ')}.`] : []),
      ...(uncreated.length > 0 ? [`Named and not created: ${uncreated.join(', ')}.`] : []),
    ].join(' '),
    fix: `Correct \`-- creates:\` in ${path}/migration.sql, as long as the revision is applied nowhere.`,
  }),
  'down-missing': ({ revision, path }) => ({
    what: `${revision} has no down.sql.`,
    why: 'Nobody can go back below it without a backup.',
    fix: `Write ${path}/down.sql, or leave such findings out: --skip down-missing`,
  }),
  'options-invalid': ({ path, problem }) => ({
    what: `${path}/options.json can't be used: ${problem}.`,
    why: 'The migration would be refused when its turn comes.',
    fix: 'Correct it; docs/reference/formats.md has the keys.',
  }),
  'out-of-order': ({ database, revision, applied }) => ({
    what: `${revision} isn't applied to ${database}, and ${applied}, which stands after it, is.`,
    why: 'It came into the history later, so this database gets it in another order than a new one does.',
    fix: 'Where it is applied nowhere yet, give it a number after the others; else see that both orders come to the same.',
  }),
  'script-unreadable': ({ path, problem }) => ({
    what: `${path} is not SQL that PostgreSQL reads: ${problem}.`,
    why: 'PostgreSQL’s own grammar refuses it, so the server would too.',
    fix: 'Correct the statement; what only psql knows (\\i, \\copy) is no SQL.',
  }),
}

const isOfScripts = (finding: CheckFinding): finding is ScriptFinding => finding.kind in explanations

/** What a finding says to a person. */
export function explainCheck(finding: CheckFinding): Explanation {
  if (!isOfScripts(finding)) return explainFinding(finding)
  // The table has exactly one function per kind; TypeScript can't follow the pairing through an index.
  return (explanations[finding.kind] as (finding: ScriptFinding) => Explanation)(finding)
}

/** Every kind that `verify` can find. Several heads are no fault of a history: a merge may be on its way. */
export const checkKinds: readonly string[] = [
  ...Object.keys(graphExplanations).filter((kind) => kind !== 'multiple-heads'),
  ...Object.keys(ledgerExplanations),
  ...Object.keys(explanations),
].sort()

/** The plan's findings that are about a history or its ledger, and not about the words of a command. */
export const isOfHistory = (finding: { readonly kind: string }): finding is GraphFinding | LedgerFinding =>
  finding.kind in graphExplanations || finding.kind in ledgerExplanations

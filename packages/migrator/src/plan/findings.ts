import type { Explanation } from '@manybase/failure'
import { type DataFinding, dataExplanations } from './findings/data.ts'
import { type DependencyFinding, dependencyExplanations } from './findings/dependency.ts'
import type { ExplanationsOf } from './findings/explain.ts'
import { type GraphFinding, graphExplanations } from './findings/graph.ts'
import { type LedgerFinding, ledgerExplanations } from './findings/ledger.ts'
import { type TargetFinding, targetExplanations } from './findings/target.ts'

/** A reason why there is no plan, or why a history needs mending. */
export type Finding = DataFinding | DependencyFinding | GraphFinding | LedgerFinding | TargetFinding

const explanations: ExplanationsOf<Finding> = {
  ...dataExplanations,
  ...dependencyExplanations,
  ...graphExplanations,
  ...ledgerExplanations,
  ...targetExplanations,
}

/** What a finding says to a person. */
export const explainFinding = <F extends Finding>(finding: F): Explanation =>
  // The table has exactly one function per kind; TypeScript can't follow the pairing through an index.
  (explanations[finding.kind] as (finding: Finding) => Explanation)(finding)

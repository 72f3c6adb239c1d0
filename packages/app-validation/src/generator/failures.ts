import { defineFailure, exitCodes } from '@manybase/failure'
import { type Finding, renderFinding } from '../finding.ts'

export const referencesUnsound = defineFailure(
  'references.unsound',
  exitCodes.found,
  ({ database, findings }: { database: string; findings: readonly Finding[] }) => ({
    what: `The references of ${database} do not hold.`,
    why: findings.map(renderFinding).join('\n'),
    fix: 'Correct the annotations, and generate again.',
  }),
)

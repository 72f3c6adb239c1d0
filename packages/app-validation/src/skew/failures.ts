import { defineFailure, exitCodes } from '@manybase/failure'

export const resumeLiving = defineFailure<{
  source: string
  database: string
  ids: number
  examples: readonly string[]
}>('resume.living', exitCodes.precondition, ({ source, database, ids, examples }) => ({
  what: `${ids} ids that ${database} holds for deleted live in ${source}: ${examples.join(', ')}${ids > examples.length ? ', …' : ''}.`,
  why: 'They came back with a restore. A sweep would take what is left of their rows, and the fence refuses new ones.',
  fix: 'Should they live on: pnpm db integrity resume --accept, which forgets their deletion. Otherwise delete them again first.',
}))

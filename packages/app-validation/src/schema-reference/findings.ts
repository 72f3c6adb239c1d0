import { defineFinding } from '../finding.ts'

const mend = 'Run schema-reference without --check, and commit what it wrote.'

export const stalePage = defineFinding('schemaReference.stale', ({ database }: { database: string }) => ({
  what: `The page of ${database} differs from its schema from this line on.`,
  why: 'The page is generated; somebody changed one of the two alone.',
  fix: mend,
}))

export const missingPage = defineFinding('schemaReference.missing', ({ database }: { database: string }) => ({
  what: `There is no page of ${database}.`,
  why: 'Every database of the catalog has a generated reference page.',
  fix: mend,
}))

export const obsoletePage = defineFinding(
  'schemaReference.obsolete',
  ({ database }: { database: string }) => ({
    what: `This page was generated for ${database}, which is no longer in the catalog.`,
    why: 'It describes tables that nobody maintains.',
    fix: mend,
  }),
)

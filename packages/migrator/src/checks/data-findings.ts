import type { ExplanationsOf } from '../plan/findings/explain.ts'

interface At {
  readonly database: string
  /** The directory's name. */
  readonly revision: string
  readonly path: string
  readonly problem: string
}

/** What is wrong with a data migration as it lies on disk. */
export type DataFileFinding =
  | (At & { readonly kind: 'data-endless' })
  | (At & { readonly kind: 'data-invalid' })
  | (At & { readonly kind: 'requires-data-wrong'; readonly needs: string })

export const dataFileExplanations: ExplanationsOf<DataFileFinding> = {
  'data-endless': ({ path, problem }) => ({
    what: `${path} may never come to an end: ${problem}.`,
    why: 'It is repeated until it finds no row any more.',
    fix: 'See that a row that was handled isn’t found again (WHERE … IS NULL), or go by :cursor.',
  }),
  'data-invalid': ({ revision, path, problem }) => ({
    what: `The data migration of ${revision} can't be run: ${problem}.`,
    why: `${path} is not what docs/reference/formats.md asks of it.`,
    fix: 'Correct it; it belongs to no checksum.',
  }),
  'requires-data-wrong': ({ revision, path, needs, problem }) => ({
    what: `${revision} needs the data migration of ${needs}, and ${problem}.`,
    why: 'The revision would be refused wherever there are rows.',
    fix: `Correct \`requiresData\` in ${path}/options.json.`,
  }),
}

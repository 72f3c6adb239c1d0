/** What becomes of a referencing row when the row that it names, in another database, is deleted. */
export const referentialActions = ['Cascade', 'SetNull', 'Restrict', 'Keep'] as const

export type ReferentialAction = (typeof referentialActions)[number]

export const isReferentialAction = (name: string): name is ReferentialAction =>
  referentialActions.some((action) => action === name)

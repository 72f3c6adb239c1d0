import { defineFinding } from '@manybase/app-validation'

interface OfPicture {
  readonly name: string
}

const mend = 'Run `db diagram` without --check, and commit what it wrote.'

export const stalePicture = defineFinding('diagram.stale', ({ name }: OfPicture) => ({
  what: `${name} differs from the schemas from this line on.`,
  why: 'The picture is generated; somebody changed one of the two alone.',
  fix: mend,
}))

export const missingPicture = defineFinding('diagram.missing', ({ name }: OfPicture) => ({
  what: `There is no ${name}.`,
  why: 'Every database of the catalog has a generated picture, and so have all together.',
  fix: mend,
}))

export const obsoletePicture = defineFinding('diagram.obsolete', ({ name }: OfPicture) => ({
  what: `${name} was generated for a database that is no longer in the catalog.`,
  why: 'It shows tables that nobody maintains.',
  fix: mend,
}))

import { defineFailure, exitCodes } from '@manybase/failure'

export const studioEnded = defineFailure<{ database: string; port: number; how: string }>(
  'studio.ended',
  exitCodes.precondition,
  ({ database, port, how }) => ({
    what: `Prisma Studio for ${database} at port ${port} has ended by itself, with ${how}.`,
    why: 'What it said stands above. The others were ended with it.',
    fix: 'Mend what it says, and start them again.',
  }),
)

export const portTaken = defineFailure<{ database: string; port: number }>(
  'studio.port-taken',
  exitCodes.precondition,
  ({ database, port }) => ({
    what: `Prisma Studio for ${database} can't be served at port ${port}.`,
    why: 'Something else listens there already, or the system keeps the port for itself.',
    fix: 'Name another with --port NUMBER, or leave it out: then free ones are taken.',
  }),
)

export const prismaMissing = defineFailure<{ directory: string }>(
  'studio.prisma-missing',
  exitCodes.precondition,
  ({ directory }) => ({
    what: `There is no Prisma CLI for ${directory}.`,
    why: 'Studio is part of it: the package `prisma` in node_modules there, or `prisma` on the PATH.',
    fix: 'Install the dependencies of that folder, with `prisma` among them.',
  }),
)

import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../history/duration.ts'

/** Parses an option's time into milliseconds. */
export function duration(text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds === undefined) throw new InvalidArgumentError('It takes a time such as 500ms, 5s or 1min.')
  return milliseconds
}

import { describeHolders, type SweepEvent } from '@manybase/app-validation/sweeper'
import { errorMessage, isFailure } from '@manybase/failure'
import { count } from './count.ts'

/** A sweeper's event as a line for people. */
export function narrate(event: SweepEvent): string {
  const { source, referencing } = event.link
  const where = `${referencing} after ${source}`
  switch (event.kind) {
    case 'connected':
      return `${where}: watching`
    case 'replayed':
      return `${where}: ${referencing} was behind what ${source} had been told, after a restore or a crash; all since is taken over again`
    case 'taken':
      return `${where}: ${count(event.tombstones, 'deletion')} taken over`
    case 'cleared':
      return `${where}: ${count(event.rows, 'row')} deleted or set null`
    case 'waiting':
      return `${where}: waiting for ${describeHolders(event.holders)}`
    case 'closed':
      return `${where}: ${count(event.ids, 'receipt')} written`
    case 'failed':
      return `${where}: ${isFailure(event.error) ? `${event.error.what} ${event.error.why}` : errorMessage(event.error)}; next try in ${Math.ceil(event.retryIn / 1000)} s`
  }
}

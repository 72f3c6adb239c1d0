import { duration } from '../report/output.ts'
import type { DataStatus } from './status.ts'

/** `complete  010_fill, 12,000 rows`, and what is to be said of one that isn't. */
export function renderData(status: DataStatus): string {
  const { state, revision, progress } = status
  const error = state === 'failed' && progress?.error ? `: ${progress.error}` : ''
  return `${state}  ${[revision.name, ...describe(status)].join(', ')}${error}`
}

function describe({ state, progress }: DataStatus): readonly string[] {
  if (!progress || progress.batches === 0) return []
  const { rows, total } = progress
  const left = millisecondsLeft(progress)
  const known = total !== null && total >= rows && state !== 'complete'
  return [
    known ? `${say(rows)} of about ${say(total)} rows` : `${say(rows)} rows`,
    ...(state === 'running' && left !== null ? [`about ${duration(left)} left`] : []),
  ]
}

const say = (number: number): string => number.toLocaleString('en')

/** Until the estimated end, by the time that its batches have taken. */
function millisecondsLeft({ rows, total, workedMs }: NonNullable<DataStatus['progress']>): number | null {
  if (total === null || total < rows || rows === 0) return null
  return Math.round(((total - rows) / rows) * workedMs)
}

/** The same for machines. */
export const dataToJson = ({ revision, file, state, progress }: DataStatus) => ({
  revision: revision.name,
  file,
  state,
  rows: progress?.rows ?? 0,
  total: progress?.total ?? null,
  batches: progress?.batches ?? 0,
  rowsPerSecond:
    progress && progress.workedMs > 0 ? Math.round((progress.rows / progress.workedMs) * 1000) : null,
  millisecondsLeft: progress && !progress.finishedAt ? millisecondsLeft(progress) : null,
  startedAt: progress?.startedAt ?? null,
  updatedAt: progress?.updatedAt ?? null,
  finishedAt: progress?.finishedAt ?? null,
  error: progress?.error ?? null,
})

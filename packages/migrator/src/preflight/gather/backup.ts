import type { ListedBackup } from '../../backup/read.ts'
import type { DatabaseState } from '../../plan/state.ts'
import type { BackupFacts } from '../facts.ts'

/** A folder, and the backups in it. */
export interface Backups {
  readonly folder: string
  readonly listed: readonly ListedBackup[]
}

/** The newest whole backup of each database. */
export function newestBackups(
  { folder, listed }: Backups,
  states: readonly DatabaseState[],
  now: Date,
): ReadonlyMap<string, BackupFacts> {
  const backups = listed.filter(({ whole }) => whole)
  return new Map(
    states.map(({ database, current }) => {
      const found = backups.flatMap(({ directory, manifests }) =>
        manifests.flatMap(({ takenAt, histories }) => {
          const history = histories.find((each) => each.database === database)
          const seconds = Math.max(0, (now.getTime() - Date.parse(takenAt)) / 1000)
          return history ? [{ directory, seconds, current: history.current }] : []
        }),
      )
      const newest = found.reduce<BackupFacts['newest']>(
        (best, each) => (best && best.seconds <= each.seconds ? best : each),
        null,
      )
      return [database, { folder, newest, current }]
    }),
  )
}

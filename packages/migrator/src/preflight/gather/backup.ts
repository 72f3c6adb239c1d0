import { listBackups } from '../../backup/read.ts'
import type { DatabaseState } from '../../plan/state.ts'
import type { BackupFacts } from '../facts.ts'

/** Looks for the newest whole backup of each database; their files are not compared with their checksums. */
export async function readBackups(
  folder: string,
  states: readonly DatabaseState[],
  now: Date,
): Promise<ReadonlyMap<string, BackupFacts>> {
  const backups = (await listBackups(folder)).filter(({ whole }) => whole)
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

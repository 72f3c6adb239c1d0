import { duration } from '../../report/output.ts'
import type { Check } from '../check.ts'
import { ok, warning } from '../result.ts'

export const backup: Check = {
  name: 'backup',
  asks: 'there is a recent backup, made where the database stands now',
  run: ({ backup: facts, pending, limits }) => {
    if (!facts || pending.length === 0 || facts.current.length === 0) return []
    const { folder, newest, current } = facts
    const fix = 'pnpm db backup, or pnpm db upgrade --backup; backups made otherwise: --no-backup'
    if (!newest) {
      return [
        warning(
          `There is no backup of it in ${folder}.`,
          'A down.sql brings back tables, and not the rows that a migration has taken away.',
          fix,
        ),
      ]
    }
    const what = `${newest.directory} is ${duration(newest.seconds * 1000)} old`
    if (newest.seconds * 1000 > limits.backupAge) {
      return [warning(`The newest backup, ${what}.`, 'What was written since would be lost.', fix)]
    }
    return newest.current.join() === current.join()
      ? [ok(what)]
      : [
          warning(
            `The newest backup, ${what}, was made at ${newest.current.join(', ') || 'base'}, not at ${current.join(', ')}.`,
            'The database has been migrated since, so a restore would take that back too.',
            fix,
          ),
        ]
  },
}

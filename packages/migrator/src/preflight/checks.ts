import type { Check } from './check.ts'
import { backup } from './checks/backup.ts'
import { connections } from './checks/connections.ts'
import { constraints } from './checks/constraints.ts'
import { disk } from './checks/disk.ts'
import { drift } from './checks/drift.ts'
import { extensions } from './checks/extensions.ts'
import { history } from './checks/history.ts'
import { indexes } from './checks/indexes.ts'
import { locks } from './checks/locks.ts'
import { migrator } from './checks/migrator.ts'
import { replication } from './checks/replication.ts'
import { rights } from './checks/rights.ts'
import { statements } from './checks/statements.ts'
import { transactions } from './checks/transactions.ts'
import { version } from './checks/version.ts'
import { wraparound } from './checks/wraparound.ts'
import { writable } from './checks/writable.ts'

/** The checklist, in the order in which it is gone through. A new check is a new file. */
export const checks: readonly Check[] = [
  version,
  writable,
  history,
  drift,
  backup,
  rights,
  extensions,
  migrator,
  transactions,
  locks,
  statements,
  indexes,
  constraints,
  wraparound,
  replication,
  connections,
  disk,
]

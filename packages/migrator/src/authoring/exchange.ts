import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { checksum } from '../history/checksum.ts'
import type { Squash } from './squash.ts'
import { writeRevisions } from './write.ts'

/** The ledger's part of an exchange: one transaction, open while the directories are moved. */
export interface LedgerChange {
  begin(): Promise<void>
  commit(): Promise<void>
  /** Whether nobody knows if a commit that ended with this error came to pass. */
  isUndecided(error: unknown): boolean
}

/** What an exchange writes down before it moves anything, so that a kill at any point can be mended. */
interface Journal {
  /** Directory names. */
  readonly revision: string
  /** Of the new script, as the ledger has it afterwards. */
  readonly checksum: string
  readonly replaced: readonly string[]
}

const [prefix, journalFile] = ['.squashed-', 'squash.json']

/**
 * Puts the new revision in the place of the others, in the ledger too. The directories are moved while the
 * ledger's transaction is open, so what the ledger says decides whether the exchange was made.
 */
export async function exchange({ revision, replaced }: Squash, ledger: LedgerChange): Promise<string> {
  const { migrations, name } = revision
  const aside = mkdtempSync(join(dirname(migrations), prefix))
  const journal: Journal = {
    revision: name,
    checksum: checksum(revision.up),
    replaced: replaced.map((each) => each.name),
  }
  writeFileSync(join(aside, journalFile), JSON.stringify(journal))
  try {
    await ledger.begin()
    for (const each of replaced) renameSync(each.path, join(aside, each.name))
    writeRevisions([revision])
    await ledger.commit()
  } catch (error) {
    if (!ledger.isUndecided(error)) putBack(migrations, aside, journal)
    throw error
  }
  rmSync(aside, { recursive: true })
  return join(migrations, name)
}

/** An exchange that was killed on the way. */
export interface Interrupted extends Journal {
  readonly aside: string
}

/** What killed exchanges have left beside a history. */
export function findInterrupted(migrations: string): readonly Interrupted[] {
  const parent = dirname(migrations)
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ aside: join(parent, name), ...readJournal(join(parent, name, journalFile)) }))
}

/** Completes an exchange that the ledger has, and takes back any other. */
export function mendExchange(
  migrations: string,
  { aside, ...journal }: Interrupted,
  isApplied: boolean,
): void {
  if (isApplied) rmSync(aside, { recursive: true })
  else putBack(migrations, aside, journal)
}

function putBack(migrations: string, aside: string, { revision, replaced }: Journal): void {
  const moved = replaced.filter((name) => existsSync(join(aside, name)))
  // Until all of them are aside, a directory of that name is one of them.
  if (moved.length === replaced.length && revision !== '') {
    rmSync(join(migrations, revision), { recursive: true, force: true })
  }
  mkdirSync(migrations, { recursive: true })
  for (const name of moved) renameSync(join(aside, name), join(migrations, name))
  rmSync(aside, { recursive: true })
}

/** Without one nothing has been moved yet. */
function readJournal(file: string): Journal {
  const nothing: Journal = { revision: '', checksum: '', replaced: [] }
  if (!existsSync(file)) return nothing
  const read: unknown = JSON.parse(readFileSync(file, 'utf8') || '{}')
  return isJournal(read) ? read : nothing
}

const isJournal = (value: unknown): value is Journal =>
  typeof value === 'object' &&
  value !== null &&
  'revision' in value &&
  typeof value.revision === 'string' &&
  'checksum' in value &&
  typeof value.checksum === 'string' &&
  'replaced' in value &&
  Array.isArray(value.replaced)

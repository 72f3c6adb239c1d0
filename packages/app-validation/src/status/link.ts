import { targetsIn } from '../capture/target.ts'
import type { Client } from '../install/read.ts'
import type { PlacedColumn, PlacedReference } from '../references/placed.ts'
import { referencedFindings, referencingFindings, type StatusFinding } from './findings.ts'
import { type ReferencedStatus, readReferenced } from './referenced.ts'
import { type ReferencingStatus, readReferencing } from './referencing.ts'

/** How it goes with what one database's rows name in another. */
export interface LinkStatus {
  readonly source: string
  readonly referencing: string
  readonly referenced: ReferencedStatus
  readonly following: ReferencingStatus
  /** Milliseconds for which the oldest deletion waits that isn't swept; 0 when none does. */
  readonly lag: number
  readonly findings: readonly StatusFinding[]
}

export interface LinkStatusOptions {
  /** Milliseconds after which a deletion that waits is worth a finding. */
  readonly maxLag: number
  readonly now?: Date
  /** Who writes and who sweeps, where it isn't who asks. */
  readonly roles?: { readonly application?: string; readonly sweeper?: string } | undefined
}

/** The pairs of databases that references connect. */
export function pairsOf(
  references: readonly PlacedReference[],
): readonly { readonly source: string; readonly referencing: string }[] {
  const pairs = references.map(({ database, target }) => ({ source: target.database, referencing: database }))
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()]
}

/** Looks at both sides of a pair; changes nothing. Both have to be installed. */
export async function readLinkStatus(
  sides: { readonly a: Client; readonly b: Client },
  { source, referencing }: { readonly source: string; readonly referencing: string },
  references: readonly PlacedReference[],
  { maxLag, now = new Date(), roles = {} }: LinkStatusOptions,
): Promise<LinkStatus> {
  const targets: readonly PlacedColumn[] = targetsIn(
    source,
    references.filter(({ database }) => database === referencing),
  )
  const following = await readReferencing(sides.b, referencing, source, roles.sweeper)
  const referenced = await readReferenced(sides.a, source, targets, following.horizons, roles.application)
  const oldest = [referenced.oldestWaiting, following.oldestUnswept]
    .filter((time) => time !== null)
    .map((time) => now.getTime() - Date.parse(time))
  const lag = Math.max(0, ...oldest)
  return {
    source,
    referencing,
    referenced,
    following,
    lag,
    findings: [
      ...referencedFindings(referenced),
      ...referencingFindings(following, { waiting: referenced.waiting, lag, maxLag }),
    ],
  }
}

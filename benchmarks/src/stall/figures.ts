import { type Summary, summarize } from '../statistics.ts'
import { renderTable } from '../table.ts'
import { heldFor, type Run, type Tool } from './rounds.ts'

/** What a tool's runs come to, in milliseconds. */
export interface Stall {
  readonly tool: Tool
  /** The slowest read or write of each run. */
  readonly longest: Summary
  /** How long the tool took. */
  readonly took: Summary
}

export interface Figures {
  readonly lockTimeout: number
  readonly stalls: readonly Stall[]
  /** Whether our worst stall stayed within the bound. */
  readonly verdict: { readonly kind: 'met' | 'missed'; readonly worst: number; readonly atMost: number }
}

/** The traffic goes on when the waiting statement is cancelled and rolled back, a moment after its time is over. */
const moment = 250

/** @param lockTimeout how long our statements wait for a lock, in milliseconds */
export function figuresOf(runs: Readonly<Record<Tool, readonly Run[]>>, lockTimeout: number): Figures {
  const stalls = (['ours', 'prisma'] as const).map((tool) => ({
    tool,
    longest: summarize(runs[tool].map(({ longest }) => longest)),
    took: summarize(runs[tool].map(({ milliseconds }) => milliseconds)),
  }))
  const worst = Math.max(...runs.ours.map(({ longest }) => longest))
  const atMost = lockTimeout + moment
  return { lockTimeout, stalls, verdict: { kind: worst <= atMost ? 'met' : 'missed', worst, atMost } }
}

const names: Readonly<Record<Tool, string>> = { ours: 'db migrate', prisma: 'prisma migrate deploy' }

/** The figures for people. */
export const render = ({ lockTimeout, stalls, verdict }: Figures): string =>
  [
    'Milliseconds, median (min–max).',
    `Eight clients read and write a table; another transaction has read it, and stays open for ${heldFor} ms more`,
    'once the tool waits for the table to add a column.',
    '',
    ...renderTable([
      ['', 'longest stall of the traffic', 'the tool took'],
      ...stalls.map(({ tool, longest, took }) => [names[tool], spread(longest), spread(took)]),
    ]),
    '',
    `${verdict.kind === 'met' ? '✅' : '❌'} longest stall in any round: ${verdict.worst.toFixed(0)} ms (at most ${verdict.atMost} ms; lock_timeout is ${lockTimeout} ms)`,
  ].join('\n')

const spread = ({ median, min, max }: Summary): string =>
  `${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)})`

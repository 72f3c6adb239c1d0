/** Why a server ended during its start, as far as its messages tell. */
export type StartupProblem =
  | { readonly kind: 'already-running' }
  | { readonly kind: 'port-taken' }
  | { readonly kind: 'old-processes' }
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'not-writable'; readonly detail: string }
  | { readonly kind: 'other'; readonly tail: string }

/** How PostgreSQL's programs say that nothing more can be written. */
export const saysDiskFull = /No space left on device|Disk quota exceeded|Check free disk space/

/** @param log what the server wrote since this start, in English (lc_messages = C). */
export function startupProblem(log: string): StartupProblem {
  // Once the port is known to be taken, later lines are consequences.
  if (/lock file "postmaster\.pid" already exists/.test(log)) return { kind: 'already-running' }
  if (/could not bind IPv[46] address|could not create any TCP\/IP sockets/.test(log))
    return { kind: 'port-taken' }
  if (/pre-existing shared memory block/.test(log)) return { kind: 'old-processes' }
  if (saysDiskFull.test(log)) return { kind: 'disk-full' }
  const denied = /^.*(Permission denied|wrong ownership|invalid permissions|Read-only file system).*$/m.exec(
    log,
  )
  if (denied) return { kind: 'not-writable', detail: withoutStamp(denied[0]) }
  return { kind: 'other', tail: tailOf(log) }
}

/** What it said last: a FATAL line often names only the file in which the lines before it found something. */
function tailOf(log: string): string {
  return log.trim().split('\n').map(withoutStamp).slice(-6).join('\n')
}

/** `2026-11-21 12:59:31.854 UTC [6741] FATAL:  …` → `FATAL:  …` */
function withoutStamp(line: string): string {
  return line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \S+ \[\d+\] /, '').trim()
}

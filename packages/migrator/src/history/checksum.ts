import { hash } from 'node:crypto'

/** SHA-256 in hex of a script, as Prisma writes it into its ledger. */
export const checksum = (script: string): string => hash('sha256', script)

/**
 * Whether a ledger's checksum is that of the script. Git may have changed the line ends since, and
 * Prisma lets that pass, so it passes here.
 */
export function matchesChecksum(recorded: string, script: string, current = checksum(script)): boolean {
  if (recorded === current) return true
  const unix = script.replaceAll('\r\n', '\n')
  return recorded === checksum(unix) || recorded === checksum(unix.replaceAll('\n', '\r\n'))
}

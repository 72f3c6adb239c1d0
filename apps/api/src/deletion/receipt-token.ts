import { createHmac } from 'node:crypto'
import { isSecret } from '../operations/metrics.ts'
import type { Settings } from '../settings/settings.ts'

type Secrets = Pick<Settings, 'tokenSecrets'>

/**
 * What lets somebody read what came of a deletion: the account that could sign in is gone. It follows from the id and the
 * secret of access tokens, so nothing is stored, and it holds as long as that secret is kept.
 */
export const receiptToken = ({ tokenSecrets: [first] }: Secrets, id: string): string => derive(first, id)

export const opensReceipt = ({ tokenSecrets }: Secrets, id: string, given: string | undefined): boolean =>
  tokenSecrets.some((secret) => isSecret(given, derive(secret, id)))

const derive = (secret: string, id: string): string =>
  createHmac('sha256', secret).update(`deletion of ${id.toLowerCase()}`).digest('base64url')

import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Account, parseAccounts } from './accounts.ts'
import { rootRefused } from './failures.ts'
import { hasCode, readIfExists } from './files.ts'
import { type Identity, run } from './run.ts'

const oneself: Identity = { prefix: [] }

/**
 * PostgreSQL refuses to run as root. In a user namespace of its own root can call itself somebody else and
 * still owns its files, also below folders that only root may enter. Where namespaces are forbidden, as in
 * many containers, another account has to do; and data that already belong to one stay with it.
 *
 * @param directory the server's home, which exists.
 * @param program one that the identity must be able to run.
 */
export async function serverIdentity(directory: string, program: string): Promise<Identity> {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return oneself
  const accounts = parseAccounts((await readIfExists('/etc/passwd')) ?? '')
  const owner = await stat(directory)
  if (owner.uid !== 0) return usable({ name: `user ${owner.uid}`, ...owner }, directory, program)
  const namespace = await userNamespace(accounts)
  if (namespace) return namespace
  const known = ['postgres', 'node', 'nobody'].flatMap((name) => accounts.find((a) => a.name === name) ?? [])
  if (known.length === 0) {
    throw rootRefused({ directory, reason: 'unshare is not permitted, and there is no other account.' })
  }
  const attempts = await Promise.allSettled(known.map((account) => usable(account, directory, program)))
  const found = attempts.find((attempt) => attempt.status === 'fulfilled')
  if (found) return found.value
  throw attempts[0]?.status === 'rejected' ? attempts[0].reason : new Error('no attempt was made')
}

/** initdb asks for the name of its user, so it must be one that the machine knows. */
async function userNamespace(accounts: readonly Account[]): Promise<Identity | undefined> {
  // 65534 also stands for everybody whom the namespace doesn't know.
  const inside = accounts.find(({ uid }) => uid !== 0 && uid !== 65534)
  if (!inside || process.platform !== 'linux') return undefined
  const prefix = ['unshare', '--user', `--map-user=${inside.uid}`, `--map-group=${inside.gid}`, '--']
  const probe = await run('true', [], { identity: { prefix } }).catch(() => undefined)
  return probe?.code === 0 ? { prefix } : undefined
}

async function usable(account: Account, directory: string, program: string): Promise<Identity> {
  const { name, uid, gid } = account
  const blocked =
    (await firstClosed(dirname(program), account)) ?? (await firstClosed(dirname(directory), account))
  if (blocked !== undefined) {
    throw rootRefused({
      directory,
      reason: `unshare is not permitted, and ${name} may not enter ${blocked}.`,
    })
  }
  const identity: Identity = { prefix: [], account: { uid, gid } }
  try {
    const { code, output } = await run(program, ['--version'], { identity })
    if (code === 0) return identity
    throw rootRefused({ directory, reason: `${name} cannot run ${program}: ${output}` })
  } catch (error) {
    if (!hasCode(error, 'EPERM', 'EACCES')) throw error
    throw rootRefused({ directory, reason: `${name} may not run ${program}.` }, error)
  }
}

/** The topmost folder on the way to `directory` that the account may not pass. */
async function firstClosed(directory: string, account: Account): Promise<string | undefined> {
  const parent = dirname(directory)
  const above = parent === directory ? undefined : await firstClosed(parent, account)
  if (above !== undefined) return above
  const { mode, uid, gid } = await stat(directory)
  const execute = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
  return (mode & execute) === 0 ? directory : undefined
}

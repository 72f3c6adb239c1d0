/** An entry of `/etc/passwd`. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Parses `/etc/passwd`: `name:password:uid:gid:…`, one account a line. */
export function parseAccounts(passwd: string): Account[] {
  return passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    const account = { name: name ?? '', uid: Number(uid), gid: Number(gid) }
    const valid =
      account.name !== '' && uid && gid && Number.isInteger(account.uid) && Number.isInteger(account.gid)
    return valid ? [account] : []
  })
}

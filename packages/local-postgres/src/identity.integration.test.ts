import { chmod, chown, mkdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type Ended, ended, type Place, place, query, started, startScript } from './fixtures/place.ts'

const repository = resolve(import.meta.dirname, '../../..')
const insideRepository = (file: string): string => file.slice(repository.length)

/** Other identities can be taken on by root alone; CI runs as root. */
const asRoot = process.getuid?.() === 0 ? describe : describe.skip

const nobody = 65534
const asNobody = `exec setpriv --reuid ${nobody} --regid ${nobody} --clear-groups`

/**
 * Runs the rest of the line in a user namespace that has all accounts and in which no further one may be made,
 * which is what containers are like. The accounts are entered from outside, so the inside has to wait.
 */
const forbidNamespaces = `
  confined() {
    mkfifo "$root/go"
    unshare --user sh -ec 'read _ < "$0"; exec sh -ec "$@"' "$root/go" \\
      'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"' sh "$@" &
    while [ "$(readlink /proc/$!/ns/user)" = "$(readlink /proc/self/ns/user)" ]; do sleep 0.01; done
    echo 0 0 65535 > /proc/$!/uid_map
    echo 0 0 65535 > /proc/$!/gid_map
    echo > "$root/go"
    wait $!
  }
  confined`

/** Runs the start script as root, wrapped, where the repository appears at `mountPoint`. */
function startBelow(mountPoint: string, here: Place, wrap: string): Promise<Ended> {
  const script = `root=$5; mount --bind "$1" "$2"; ${wrap} "$2$3" "$2$4" "$5"`
  const files = [process.execPath, startScript].map(insideRepository)
  return ended('unshare', ['--mount', 'sh', '-ec', script, 'sh', repository, mountPoint, ...files, here.root])
}

asRoot('root', () => {
  test('runs it in a user namespace, owned by root outside, also below a folder of mode 700', async () => {
    await using here = await place()
    const clone = join(here.root, 'clone')
    await mkdir(clone, { mode: 0o700 })
    await chmod(here.root, 0o700)
    const result = started(await startBelow(clone, here, 'exec'))
    expect(await query(result.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((await stat(here.data)).uid).toBe(0)
    expect(await here.server.stop(here.root)).toBe(true)
  })

  test('takes another account where namespaces are forbidden, and stays with it', async () => {
    await using here = await place()
    const clone = join(here.root, 'clone')
    await mkdir(clone)
    await chmod(here.root, 0o755)
    const result = started(await startBelow(clone, here, forbidNamespaces))
    expect(result).toMatchObject({ uid: 0, pid: expect.any(Number) })
    const { uid } = await stat(here.data)
    expect(uid).not.toBe(0)
    expect(await query(result.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await here.server.stop(here.root)

    const again = started(await startBelow(clone, here, 'exec'))
    expect(await query(again.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('is told why when namespaces are forbidden and no account gets there', async () => {
    await using here = await place()
    const clone = join(here.root, 'clone')
    await mkdir(clone)
    await chmod(here.root, 0o700)
    const { failure } = started(await startBelow(clone, here, forbidNamespaces))
    expect(failure).toMatchObject({
      code: 'local-postgres.root',
      why: expect.stringContaining(`may not enter ${here.root}`),
    })
  })
})

asRoot('a plain user', () => {
  test('runs it as himself', async () => {
    await using here = await place()
    const clone = join(here.root, 'clone')
    await mkdir(clone)
    await chown(here.root, nobody, nobody)
    const result = started(await startBelow(clone, here, asNobody))
    expect(result.uid).toBe(nobody)
    expect((await stat(here.data)).uid).toBe(nobody)
    expect(await query(result.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('is told when the directory is not his', async () => {
    await using here = await place()
    const clone = join(here.root, 'clone')
    await mkdir(clone)
    await chmod(here.root, 0o755)
    const { failure } = started(await startBelow(clone, here, asNobody))
    expect(failure).toMatchObject({
      code: 'local-postgres.not-writable',
      why: expect.stringContaining('EACCES'),
    })
  })
  test('is told when the server is another user’s', async () => {
    await using here = await place()
    const clone = join(here.root, 'clone')
    await mkdir(clone)
    await chmod(here.root, 0o755)
    await here.server.start(here.root)
    const { failure } = started(await startBelow(clone, here, asNobody))
    expect(failure).toMatchObject({
      code: 'local-postgres.not-writable',
      fix: expect.stringContaining('chown'),
    })
  })
})

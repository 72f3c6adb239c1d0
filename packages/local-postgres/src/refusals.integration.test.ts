import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { type Ended, ended, type Place, place, started, startScript } from './fixtures/place.ts'

/** Runs a shell script that may mount: $1 is the place, `$2 $3 DIRECTORY` starts a server there. */
function withMounts(here: Place, script: string): Promise<Ended> {
  const namespace = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const args = [...namespace, '--mount', 'sh', '-ec', script, 'sh', here.root, process.execPath, startScript]
  return ended('unshare', args)
}

test('data of another version are refused, named, and left alone', async () => {
  await using here = await place()
  await mkdir(here.data, { recursive: true })
  await writeFile(join(here.data, 'PG_VERSION'), '16\n')
  await expect(here.server.start(here.root)).rejects.toMatchObject({
    code: 'local-postgres.data-version',
    what: expect.stringMatching(/belong to PostgreSQL 16, and the embedded server is version 17/),
    fix: expect.stringContaining(`Move ${here.data} aside`),
  })
  expect(await readdir(here.data)).toEqual(['PG_VERSION'])
})

test('a folder that is no data directory is refused, and left alone', async () => {
  await using here = await place()
  await mkdir(here.data, { recursive: true })
  await writeFile(join(here.data, 'thesis.txt'), 'ten years')
  await expect(here.server.start(here.root)).rejects.toMatchObject({
    code: 'local-postgres.data-unrecognised',
  })
  expect(await readFile(join(here.data, 'thesis.txt'), 'utf8')).toBe('ten years')
})

test('an empty folder where the data should be is as good as none', async () => {
  await using here = await place()
  await mkdir(here.data, { recursive: true })
  expect(await here.server.start(here.root)).toMatchObject({ version: expect.stringMatching(/^17\./) })
})

test('a file where the directory should be is refused', async () => {
  await using here = await place()
  await writeFile(join(here.root, 'postgres'), '')
  await expect(here.server.start(here.root)).rejects.toMatchObject({ code: 'local-postgres.not-writable' })
})

test('a read-only file system is refused', async () => {
  await using here = await place()
  const result = await withMounts(here, 'mount -t tmpfs -o ro tmpfs "$1"; exec "$2" "$3" "$1"')
  expect(started(result).failure).toMatchObject({
    code: 'local-postgres.not-writable',
    why: expect.stringContaining('EROFS'),
  })
})

test('a disk that fills up during initdb is refused, and what was begun is removed', async () => {
  await using here = await place()
  const script = 'mount -t tmpfs -o size=20m tmpfs "$1"; "$2" "$3" "$1" || true; ls "$1/postgres" >&2'
  const result = await withMounts(here, script)
  expect(started(result).failure).toMatchObject({ code: 'local-postgres.disk-full' })
  expect(result.stderr.trim().split('\n')).toEqual(['connection.json'])
})

test('a disk that is full at a later start is refused, and the data survive', async () => {
  await using here = await place()
  const result = await withMounts(
    here,
    `mount -t tmpfs -o size=100m tmpfs "$1"
    start() { "$2" "$3" "$1"; }
    start "$@" > /dev/null
    kill -INT "$(head -1 "$1/postgres/data/postmaster.pid")"
    while [ -e "$1/postgres/data/postmaster.pid" ]; do sleep 0.05; done
    dd if=/dev/zero of="$1/filler" bs=64k 2> /dev/null || true
    start "$@" || true`,
  )
  expect(started(result).failure).toMatchObject({ code: 'local-postgres.disk-full' })
})

test('what PostgreSQL itself complains about is passed on', async () => {
  await using here = await place()
  await here.server.start(here.root)
  await here.server.stop(here.root)
  await writeFile(join(here.data, 'postgresql.auto.conf'), "no_such_setting = 'on'\n")
  await expect(here.server.start(here.root)).rejects.toMatchObject({
    code: 'local-postgres.start-failed',
    why: expect.stringContaining('no_such_setting'),
  })
})

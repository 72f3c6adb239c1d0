import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { restoreLinks } from './library-links.ts'

test('the second names of libraries are restored, once', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'links-'))
  const lib = join(directory, 'native', 'lib')
  await mkdir(lib, { recursive: true })
  await writeFile(join(lib, 'libpq.so.5.17'), 'library')
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.17',
    target: `native/lib/${name}`,
  }))
  await writeFile(join(directory, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  await restoreLinks(directory)
  await restoreLinks(directory)
  expect(await readlink(join(lib, 'libpq.so.5'))).toBe('libpq.so.5.17')
  expect(await readFile(join(lib, 'libpq.so'), 'utf8')).toBe('library')
  await rm(directory, { recursive: true })
})

test('a package without links needs none', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'links-'))
  await expect(restoreLinks(directory)).resolves.toBeUndefined()
  await rm(directory, { recursive: true })
})

import { describe, expect, test } from '@jest/globals'
import { revisionsIn } from './range.ts'
import { makeSituation } from './situation.ts'
import { parseRange } from './target.ts'
import { line, revision, stateOf } from './testing/make.ts'

const auth = line('auth', '001', '002')
const specs = {
  database: 'specs',
  revisions: [
    revision('specs', '003', { dependsOn: [{ database: 'auth', id: '001' }] }),
    revision('specs', '004', { parents: ['003'] }),
    revision('specs', '005', { parents: ['004'] }),
  ],
}
const situation = makeSituation([stateOf(auth, 1), stateOf(specs, 2)], new Set(['auth', 'specs']))
const inRange = (text: string) => {
  const found = revisionsIn(
    situation,
    parseRange(text, (name) => name),
  )
  return found.kind === 'found' ? found.value.map(({ ref }) => ref) : [found.kind]
}

describe('a range', () => {
  test.each([
    ['003:005', ['specs@005', 'specs@004', 'specs@003']],
    ['004:', ['specs@005', 'specs@004']],
    ['004:specs@head', ['specs@005', 'specs@004']],
    [':003', ['specs@003', 'auth@001']],
    ['003:+1', ['specs@004', 'specs@003']],
    ['specs@-1:', ['specs@005', 'specs@004']],
    ['-1:004', ['specs@004', 'specs@003']],
    ['specs@-9:', ['specs@005', 'specs@004', 'specs@003', 'auth@001']],
    ['specs@current:specs@head', ['specs@005', 'specs@004']],
    [':auth@current', ['auth@001']],
  ])('%s', (text, refs) => {
    expect(inRange(text)).toEqual(refs)
  })

  test.each([
    ['005:003', 'range-apart'],
    ['002:005', 'range-apart'],
    ['-1:+1', 'range-apart'],
    ['-1:', 'relative-unscoped'],
    ['auth@-1:005', 'range-apart'],
    ['auth@+1:005', 'range-apart'],
    ['009:', 'unknown-revision'],
    [':009', 'unknown-revision'],
  ])('%s has %s', (text, kind) => {
    expect(inRange(text)).toEqual([kind])
  })
})

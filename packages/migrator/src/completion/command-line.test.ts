import { expect, test } from '@jest/globals'
import { ownWords } from './command-line.ts'

test.each([
  [['db', ''], ['']],
  [
    ['node_modules/.bin/db', 'up', ''],
    ['up', ''],
  ],
  [['pnpm', 'db', 'up'], ['up']],
  [
    ['pnpm', '-s', 'run', 'db', 'up', '--'],
    ['up', '--'],
  ],
  [
    ['pnpm', 'db:migrate', '--au'],
    ['migrate', '--au'],
  ],
])('%j is ours from %j on', (words, own) => {
  expect(ownWords(words)).toEqual(own)
})

test.each([
  [['pnpm', 'd']],
  [['pnpm', 'db']],
  [['pnpm', 'install', 'db', '']],
  [['pnpm', 'dbx', '']],
  [['db']],
])('%j is somebody else’s, or not begun', (words) => {
  expect(ownWords(words)).toBeUndefined()
})

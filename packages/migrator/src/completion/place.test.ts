import { expect, test } from '@jest/globals'
import { Command } from 'commander'
import { placeOf } from './place.ts'

const command = new Command('x')
  .argument('<first>')
  .argument('[others...]')
  .option('-m, --message <text>')
  .option('--template [name]')
  .option('--yes')

const place = (...words: readonly string[]) => placeOf(command, words)
const value = (name: string, prefix = '') => ({ kind: 'value', name, prefix })

test('arguments come in their order, the last as often as one likes', () => {
  expect(place('')).toEqual(value('first'))
  expect(place('a', '')).toEqual(value('others'))
  expect(place('a', 'b', '--yes', 'c')).toEqual(value('others'))
})

test('an option is followed by its value', () => {
  expect(place('--message', '')).toEqual(value('--message'))
  expect(place('-m', 'te')).toEqual(value('--message'))
  expect(place('-m', '--yes')).toEqual(value('--message'))
  expect(place('-m', 'text', '')).toEqual(value('first'))
  expect(place('--message=te')).toEqual(value('--message', '--message='))
})

test('a value that may be left out is completed where none of the options begins', () => {
  expect(place('--template', '')).toEqual(value('--template'))
  expect(place('--template', '--y')).toEqual({ kind: 'option' })
  expect(place('--template', '--yes', '')).toEqual(value('first'))
})

test('a dash begins an option, and so does nothing where no argument is left', () => {
  expect(place('-')).toEqual({ kind: 'option' })
  expect(placeOf(new Command('y').option('--yes'), [''])).toEqual({ kind: 'option' })
})

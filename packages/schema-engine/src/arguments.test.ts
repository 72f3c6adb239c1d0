import { expect, test } from '@jest/globals'
import { parseArguments } from './arguments.ts'

test('the command line of JSON-RPC', () => {
  const datasource = '{"url":"postgresql://a","shadowDatabaseUrl":"postgresql://b"}'
  const argv = ['--datamodels', 'a.prisma', '--datamodels', 'b.prisma', '--datasource', datasource]
  expect(parseArguments([...argv, '--extension-types', '{"types":[]}'])).toEqual({
    datamodels: ['a.prisma', 'b.prisma'],
    datasource: { url: 'postgresql://a', shadowDatabaseUrl: 'postgresql://b' },
    command: undefined,
  })
})

test('the command line of a subcommand', () => {
  expect(parseArguments(['--datasource', '{"url":"postgresql://a"}', 'cli', 'create-database'])).toEqual({
    datamodels: [],
    datasource: { url: 'postgresql://a', shadowDatabaseUrl: undefined },
    command: 'create-database',
  })
})

test('an empty URL is none', () => {
  expect(parseArguments(['--datasource', '{"url":"","shadowDatabaseUrl":null}']).datasource).toEqual({})
})

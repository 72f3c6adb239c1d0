import { describe, expect, test } from '@jest/globals'
import { exitCodeFor, runChecks } from './check.ts'
import { checks } from './checks.ts'
import type { Facts, HolderFacts, ServerFacts, TableFacts } from './facts.ts'

const server: ServerFacts = {
  version: { major: 17, text: '17.10' },
  otherMajors: [{ database: 'b', major: 17 }],
  standby: false,
  readOnly: false,
  role: { name: 'me', superuser: false, schemaExists: true, createInSchema: true, createInDatabase: true },
  tables: [],
  extensions: [],
  seesAll: true,
  transactions: [],
  prepared: [],
  migrator: null,
  standbys: [],
  slots: [],
  invalidIndexes: [],
  unvalidated: [],
  wraparound: { transactions: 1e6, transactionLimit: 2e8, multixacts: 1, multixactLimit: 4e8 },
  connections: { used: 5, available: 97, limit: 'max_connections of the server' },
  disk: { databaseBytes: 8e6, free: { bytes: 5e9, total: 1e10 } },
}

const facts: Facts = {
  database: 'a',
  pending: ['001_a'],
  findings: [],
  createsSchema: false,
  server,
  dangers: [],
  limits: { longTransaction: 60_000, backupAge: 86_400_000, bigTable: 100_000 },
}

const holder: HolderFacts = { pid: 7, application: 'app', mode: 'AccessShareLock', seconds: 30 }
const users: TableFacts = {
  name: 'public.users',
  lock: 'ACCESS EXCLUSIVE',
  altered: true,
  owner: 'me',
  mayAlter: true,
  rows: 10,
  bytes: 8192,
  holders: [],
}

const see = (more: Partial<ServerFacts>, own: Partial<Facts> = {}) =>
  runChecks(checks, { ...facts, ...own, server: { ...server, ...more } })

const remarks = (...given: Parameters<typeof see>) =>
  see(...given)
    .filter(({ status }) => status !== 'ok')
    .map(({ check, status, what }) => `${status} ${check}: ${what}`)

test('a database that is as it should be passes them all', () => {
  const results = runChecks(checks, facts)
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'ok'))
  expect(exitCodeFor(results, true)).toBe(0)
})

describe('is seen', () => {
  test.each<[string, Partial<ServerFacts>, Partial<Facts>, string]>([
    [
      'an old server',
      { version: { major: 12, text: '12.1' } },
      {},
      'warning version: PostgreSQL 12.1 is none of',
    ],
    [
      'another version in another database',
      { otherMajors: [{ database: 'b', major: 15 }] },
      {},
      'warning version: PostgreSQL 17.10, and b is on 15.',
    ],
    ['a standby', { standby: true }, {}, 'failed writable: The server is a standby.'],
    ['a read-only role', { readOnly: true }, {}, 'failed writable: Transactions are read-only.'],
    [
      'what blocks the plan',
      {},
      { findings: [{ kind: 'cycle', what: 'W', why: 'Y', fix: 'F' }] },
      'failed history: W',
    ],
    [
      'a revision without a way back',
      {},
      { findings: [{ kind: 'down-missing', what: 'W', why: 'Y', fix: 'F' }] },
      'warning history: W',
    ],
    [
      'a role that may not create',
      { role: { ...server.role, createInSchema: false } },
      {},
      'failed rights: "me" may not create in the PostgreSQL schema',
    ],
    [
      'a schema that nobody may make',
      { role: { ...server.role, createInDatabase: false } },
      { createsSchema: true },
      'failed rights: A PostgreSQL schema is to be made',
    ],
    [
      'a table of somebody else',
      { tables: [{ ...users, owner: 'you', mayAlter: false }] },
      {},
      'failed rights: "me" doesn\'t own public.users (you).',
    ],
    [
      'an extension that isn’t there',
      { extensions: [{ name: 'x', available: false, installed: false, trusted: false }] },
      {},
      "failed extensions: The server doesn't have the extension x.",
    ],
    [
      'an extension for superusers',
      { extensions: [{ name: 'x', available: true, installed: false, trusted: false }] },
      {},
      'failed extensions: "me" may not create the extension x.',
    ],
    [
      'that there is no backup',
      {},
      { backup: { folder: '/b', newest: null, current: ['000'] } },
      'warning backup: There is no backup of it in /b.',
    ],
    [
      'an old backup',
      {},
      {
        backup: {
          folder: '/b',
          newest: { directory: '/b/1', seconds: 1e5, current: ['000'] },
          current: ['000'],
        },
      },
      'warning backup: The newest backup, /b/1 is 1666 min 40 s old.',
    ],
    [
      'a backup of another revision',
      {},
      { backup: { folder: '/b', newest: { directory: '/b/1', seconds: 60, current: [] }, current: ['000'] } },
      'warning backup: The newest backup, /b/1 is 1 min 0 s old, was made at base, not at 000.',
    ],
    [
      'another migrator',
      { migrator: 'process 9, p' },
      {},
      'warning migrator: Another migrator holds the lock',
    ],
    [
      'a long transaction',
      { transactions: [{ pid: 7, application: '', user: 'u', state: 'idle in transaction', seconds: 120 }] },
      {},
      'warning transactions: The transaction of process 7 (no application name, u) has been open for 2 min 0 s, idle in transaction.',
    ],
    [
      'a prepared one',
      { prepared: [{ name: 'p', seconds: 5 }] },
      {},
      'warning transactions: The prepared transaction p',
    ],
    ['that others can’t be seen', { seesAll: false }, {}, 'unknown transactions: this role sees its own'],
    [
      'who holds a table',
      { tables: [{ ...users, holders: [holder, { ...holder, pid: 8, seconds: 0.1 }] }] },
      {},
      'warning locks: public.users is held by process 7 (app, AccessShareLock, 30.0 s).',
    ],
    [
      'an index that isn’t valid',
      { invalidIndexes: [{ index: 'i', table: 't' }] },
      {},
      'warning indexes: The index i of t is INVALID.',
    ],
    [
      'a constraint that was never validated',
      { unvalidated: [{ constraint: 'c', table: 't' }] },
      {},
      'warning constraints: The constraint c of t is not validated.',
    ],
    [
      'an age beyond the vacuum’s limit',
      { wraparound: { ...server.wraparound, transactions: 3e8 } },
      {},
      'warning wraparound: A vacuum against wraparound is due: 300 million transactions',
    ],
    [
      'an age near the end',
      { wraparound: { ...server.wraparound, multixacts: 1.7e9 } },
      {},
      'failed wraparound: The database is close to wraparound',
    ],
    [
      'a standby that is behind',
      { standbys: [{ name: 's', state: 'streaming', lagBytes: 5e8, lagSeconds: 2 }] },
      {},
      'warning replication: The standby s (streaming) is behind by 500 MB, 2.0 s.',
    ],
    [
      'a slot that nobody reads',
      { slots: [{ name: 's', active: false, retainedBytes: 2e9, walStatus: 'extended' }] },
      {},
      'warning replication: The replication slot s, which nobody reads, holds back 2.0 GB of WAL.',
    ],
    [
      'few connections left',
      { connections: { used: 90, available: 97, limit: 'L' } },
      {},
      'warning connections: 90 of 97 connections are taken (L).',
    ],
    [
      'little room',
      { disk: { databaseBytes: 1, free: { bytes: 5e8, total: 1e10 } } },
      {},
      'warning disk: 500 MB of 10.0 GB are free',
    ],
    [
      'that room can’t be seen',
      { disk: { databaseBytes: 8e6, free: null } },
      {},
      'unknown disk: the database has 8.0 MB',
    ],
    [
      'too little room for a copy',
      { disk: { databaseBytes: 1, free: { bytes: 1e9, total: 2e9 } }, tables: [{ ...users, bytes: 5e9 }] },
      {
        dangers: [
          {
            rule: 'rewriting',
            status: 'warning',
            what: 'W',
            why: 'Y',
            fix: 'F',
            revision: '1',
            file: '/f',
            line: 2,
          },
        ],
      },
      'failed disk: 1.0 GB of 2.0 GB are free',
    ],
  ])('%s', (_, more, own, expected) => {
    expect(remarks(more, own)).toContainEqual(expect.stringContaining(expected))
  })
})

test('without anything pending nobody asks for rights, and warnings count only when they should', () => {
  expect(remarks({ role: { ...server.role, createInSchema: false } }, { pending: [] })).toEqual([])
  const results = see({ invalidIndexes: [{ index: 'i', table: 't' }] })
  expect([exitCodeFor(results, false), exitCodeFor(results, true)]).toEqual([0, 4])
})

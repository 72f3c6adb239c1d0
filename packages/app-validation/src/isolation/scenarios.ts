import { type Action, actions, levels, type Scenario, type Turn } from './scenario.ts'
import {
  attachTable,
  changeId,
  commit,
  createUser,
  deleteRow,
  deleteUser,
  editRow,
  insertRow,
  moveRow,
  renameUser,
  rollBack,
  snapshot,
  sweep,
} from './steps.ts'

type Described = Pick<Scenario, 'name' | 'after' | 'sessions'> & Partial<Scenario>

const describe = (scenario: Described): Scenario => ({
  actions: ['Cascade'],
  levels,
  users: [1, 2],
  rows: {},
  guarded: true,
  partitioned: false,
  deadlocks: false,
  ...scenario,
})

/** The actions that take something from the referencing side. */
const following: readonly Action[] = ['Cascade', 'SetNull']

const inserts = (user: number): readonly Turn[] => [[snapshot], [insertRow(user)], [commit]]
const deletes = (user: number): readonly Turn[] => [[deleteUser(user)], [commit]]

/** Scenarios that have differences of their own. */
export const names = {
  created: 'a user is created while a row that names them is inserted',
  editedTwice: 'one renames a user and then edits a row, another one edits the row twice',
  ownDeletion: 'a transaction deletes a user and inserts a row that names them',
  ownRow: 'a transaction deletes a row and then its user',
  ownCreation: 'a transaction creates a user and inserts a row that names them',
  circle: 'each of two deletes a user and inserts a row that names the other’s',
  changedId: 'the id of a user is changed while a row that names them is inserted',
  attached: 'a table with a row that names a user is attached as a partition while they are deleted',
  unguardedDecision: 'it is decided whether a user can be deleted, and nothing guards the writer',
  unguarded: 'the sweep comes at any moment, and nothing guards the writer',
} as const

/** What PostgreSQL tries on its own foreign keys, and what only two databases have. */
export const scenarios: readonly Scenario[] = [
  describe({
    name: 'a user is deleted while a row that names them is inserted',
    after: ['ri-trigger', 'referential-integrity', 'fk-snapshot-2'],
    actions,
    sessions: { writer: inserts(1), deleter: [[snapshot], [deleteUser(1)], [commit]] },
  }),
  describe({
    name: 'that deletion is rolled back',
    after: ['ri-trigger'],
    actions,
    sessions: { writer: [[insertRow(1)], [commit]], deleter: [[deleteUser(1)], [rollBack]] },
  }),
  describe({
    name: 'that insert is rolled back',
    after: ['ri-trigger'],
    actions,
    sessions: { writer: [[insertRow(1)], [rollBack]], deleter: deletes(1) },
  }),
  describe({
    name: 'a user with rows is deleted while another one is inserted',
    after: ['fk-snapshot'],
    actions: following,
    rows: { old: 1, other: 2 },
    sessions: { writer: [[insertRow(1)], [commit]], deleter: deletes(1) },
  }),
  describe({
    name: 'a row is edited while its user is deleted',
    after: ['fk-snapshot'],
    actions: following,
    rows: { old: 1 },
    sessions: { writer: [[snapshot], [editRow('old')], [commit]], deleter: deletes(1) },
  }),
  describe({
    name: 'a row is deleted while its user is',
    after: ['fk-snapshot'],
    actions,
    rows: { old: 1 },
    sessions: { writer: [[snapshot], [deleteRow('old')], [commit]], deleter: deletes(1) },
  }),
  describe({
    name: 'a row is given to another user while its own is deleted',
    after: ['fk-snapshot', 'update-locked-tuple'],
    actions,
    rows: { old: 1 },
    sessions: { writer: [[snapshot], [moveRow('old', 2)], [commit]], deleter: deletes(1) },
  }),
  describe({
    name: 'a row is given to a user who is deleted',
    after: ['fk-snapshot-2', 'update-locked-tuple'],
    actions,
    rows: { old: 2 },
    sessions: { writer: [[snapshot], [moveRow('old', 1)], [commit]], deleter: deletes(1) },
  }),
  describe({
    name: 'a row is replaced in one transaction while its user is deleted',
    after: ['fk-snapshot'],
    actions: ['SetNull'],
    rows: { old: 1 },
    sessions: { writer: [[deleteRow('old')], [insertRow(1)], [commit]], deleter: deletes(1) },
  }),
  describe({
    name: names.created,
    after: ['fk-snapshot', 'fk-snapshot-2'],
    sessions: { writer: inserts(3), creator: [[createUser(3)], [commit]] },
  }),
  describe({
    name: 'a user is renamed while a row that names them is inserted',
    after: ['fk-contention', 'fk-concurrent-pk-upd', 'update-locked-tuple'],
    sessions: { writer: inserts(1), renamer: [[renameUser(1)], [commit]] },
  }),
  describe({
    name: names.changedId,
    after: ['fk-concurrent-pk-upd'],
    sessions: { writer: [[insertRow(1)], [commit]], changer: [[changeId(1)], [commit]] },
  }),
  describe({
    name: 'two insert rows of a user, and then rename them',
    after: ['fk-deadlock'],
    sessions: {
      one: [[insertRow(1)], [renameUser(1)], [commit]],
      two: [[insertRow(1)], [renameUser(1)], [commit]],
    },
  }),
  describe({
    name: names.editedTwice,
    after: ['fk-deadlock2'],
    rows: { old: 1 },
    sessions: {
      one: [[renameUser(1)], [editRow('old')], [commit]],
      two: [[editRow('old')], [editRow('old'), commit]],
    },
  }),
  describe({
    name: 'two insert rows of a user whom a third renames and deletes',
    after: ['propagate-lock-delete'],
    levels: ['READ COMMITTED'],
    actions,
    sessions: {
      one: [[insertRow(1)], [commit]],
      two: [[insertRow(1)], [commit]],
      three: [[renameUser(1), deleteUser(1), commit]],
    },
  }),
  describe({
    name: 'both tables are partitioned',
    after: ['fk-partitioned-2'],
    actions: following,
    partitioned: true,
    rows: { old: 1 },
    sessions: { writer: inserts(1), deleter: deletes(1) },
  }),
  describe({
    name: names.attached,
    after: ['fk-partitioned-1'],
    actions: following,
    levels: ['READ COMMITTED'],
    partitioned: true,
    sessions: { maker: [[attachTable(1)], [commit]], deleter: deletes(1) },
  }),
  describe({
    name: names.circle,
    after: [],
    levels: ['READ COMMITTED'],
    deadlocks: true,
    sessions: {
      one: [[deleteUser(1)], [insertRow(2), commit]],
      two: [[deleteUser(2)], [insertRow(1), commit]],
    },
  }),
  describe({
    name: names.ownDeletion,
    after: [],
    levels: ['READ COMMITTED'],
    deadlocks: true,
    sessions: { one: [[deleteUser(1), insertRow(1), commit]] },
  }),
  describe({
    name: names.ownRow,
    after: [],
    actions: ['Restrict'],
    levels: ['READ COMMITTED'],
    rows: { old: 1 },
    deadlocks: true,
    sessions: { one: [[deleteRow('old'), deleteUser(1), commit]] },
  }),
  describe({
    name: names.ownCreation,
    after: [],
    levels: ['READ COMMITTED'],
    sessions: { one: [[createUser(3), insertRow(3), commit]] },
  }),
  describe({
    name: names.unguardedDecision,
    after: [],
    actions: ['Restrict'],
    guarded: false,
    sessions: { writer: inserts(1), deleter: deletes(1) },
  }),
  describe({
    name: 'the sweep comes at any moment',
    after: [],
    rows: { old: 1 },
    sessions: { writer: inserts(1), deleter: [[deleteUser(1), commit]], sweeper: [[sweep]] },
  }),
  describe({
    name: names.unguarded,
    after: [],
    actions: following,
    guarded: false,
    sessions: { writer: inserts(1), deleter: [[deleteUser(1), commit]], sweeper: [[sweep]] },
  }),
]

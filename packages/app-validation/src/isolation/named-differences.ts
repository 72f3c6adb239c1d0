import type { Case, Difference } from './differences.ts'
import { names } from './scenarios.ts'
import type { Verb } from './steps.ts'

const at = (verb: Verb, pairs: readonly (readonly [native: string, here: string])[]): readonly Case[] =>
  pairs.map(([native, here]) => ({ at: verb, native, here }))

/** Every difference between a native foreign key and what stands in for it between two databases. */
export const namedDifferences: readonly Difference[] = [
  {
    name: 'The sweep takes the action',
    why: 'With a native key the deleting transaction deletes or empties the rows itself: it waits for whoever has one of them locked, and who comes later waits for it, or finds the row gone. Here the deletion is committed first, and the sweep follows. Until it does, the rows are there: they can be edited, deleted, and given to somebody else.',
    actions: ['Cascade', 'SetNull'],
    cases: [
      { at: 'rows at once', native: 'as in the end', here: 'until the sweep' },
      ...at('delete user', [
        ['waits, done', 'done'],
        ['waits, conflict', 'done'],
      ]),
      ...at('edit row', [
        ['nothing', 'done'],
        ['conflict', 'done'],
        ['waits, nothing', 'done'],
        ['waits, done', 'done'],
        ['waits, conflict', 'done'],
      ]),
      ...at('delete row', [
        ['nothing', 'done'],
        ['conflict', 'done'],
        ['waits, nothing', 'done'],
        ['waits, done', 'done'],
        ['waits, conflict', 'done'],
      ]),
      ...at('move row', [
        ['nothing', 'done'],
        ['conflict', 'done'],
        ['waits, nothing', 'done'],
        ['waits, done', 'done'],
        ['waits, conflict', 'done'],
      ]),
      ...at('insert row', [
        ['missing', 'waits, missing'],
        ['waits, deadlock', 'missing'],
        ['waits, deadlock', 'waits, missing'],
      ]),
    ],
  },
  {
    name: 'No snapshot spans both databases',
    why: 'At REPEATABLE READ and SERIALIZABLE a native key ends a transaction with a serialization failure, or refuses its row, when what it would rest on was committed after its snapshot. A snapshot of one database says nothing of the other one. What counts there is what is committed: a deleted user is missing, a new one can be named, and a deletion sees to rows that are newer than its snapshot.',
    cases: [
      ...at('insert row', [
        ['conflict', 'missing'],
        ['waits, conflict', 'waits, missing'],
      ]),
      ...at('move row', [
        ['conflict', 'missing'],
        ['waits, conflict', 'waits, missing'],
      ]),
      ...at('delete user', [
        ['conflict', 'done'],
        ['waits, conflict', 'waits, done'],
      ]),
      ...at('rename user', [['conflict', 'done']]),
    ],
  },
  {
    name: 'A user can be named who is newer than the snapshot',
    why: 'The same, for a user who is created: a native key doesn’t see them before the next transaction.',
    scenarios: [names.created],
    cases: at('insert row', [['missing', 'done']]),
  },
  {
    name: 'Each database has a transaction of its own',
    why: 'A program that works in both begins the second transaction when it first needs it, and so with a later snapshot.',
    scenarios: [names.editedTwice],
    cases: at('edit row', [['conflict', 'done']]),
  },
  {
    name: 'What isn’t committed is not seen across',
    why: 'A native key sees what its own transaction has created or deleted. The guard looks from outside: a user who is created in a transaction that is still open is missing, and one who is being deleted there is waited for, in vain. In the same way the arbiter waits for the program’s own transaction in the referencing database. Commit what comes first, first.',
    scenarios: [names.ownDeletion, names.ownCreation, names.ownRow],
    cases: [
      ...at('insert row', [
        ['done', 'missing'],
        ['missing', 'waits, locked'],
      ]),
      ...at('delete user', [['done', 'waits, locked']]),
    ],
  },
  {
    name: 'Waiting in a circle ends by the clock',
    why: 'Neither server sees a circle that leads through both, so none breaks it. The guard waits no longer than its `lockTimeout`, and then refuses with an error that may be retried.',
    scenarios: [names.circle],
    cases: at('insert row', [['waits, deadlock', 'waits, locked']]),
  },
  {
    name: 'The arbiter waits for everybody',
    why: 'The rows are in another database, where the deletion holds no locks. So the arbiter lets everybody end who may have written one, and looks then: what was deleted or moved meanwhile forbids nothing, and what was written meanwhile does. Who began first wins; with a native key, who asked first.',
    actions: ['Restrict'],
    cases: [
      ...at('delete user', [
        ['done', 'waits, restricted'],
        ['restricted', 'waits, done'],
      ]),
      ...at('insert row', [
        ['conflict', 'done'],
        ['waits, conflict', 'done'],
      ]),
      ...at('move row', [
        ['conflict', 'done'],
        ['waits, conflict', 'done'],
      ]),
    ],
  },
  {
    name: 'Rows are refused while the arbiter decides',
    why: 'A native key lets the writer wait for the deletion, or the deletion for the writer. Between two databases nobody could see that they wait for each other, so the writer is told to retry.',
    actions: ['Restrict'],
    cases: [
      ...at('insert row', [['done', 'conflict']]),
      { at: 'insert row', native: 'waits, done', here: 'waits, conflict', races: true },
    ],
  },
  {
    name: 'Past the guard the decision isn’t known before the sweep',
    why: 'Nothing looks in the referenced database then. The writer is told to retry while the user may still be kept, and goes on to be told so after the deletion, until the sweep puts the tombstone in the place of the reservation.',
    scenarios: [names.unguardedDecision],
    cases: at('insert row', [
      ['missing', 'conflict'],
      ['waits, missing', 'conflict'],
      ['waits, conflict', 'conflict'],
    ]),
  },
  {
    name: 'An id is for life',
    why: 'Other databases know the row by it, so it can’t be changed, not even while nobody names it.',
    scenarios: [names.changedId],
    cases: [
      ...at('change id', [
        ['done', 'for life'],
        ['restricted', 'for life'],
        ['waits, restricted', 'waits, for life'],
      ]),
      ...at('insert row', [
        ['missing', 'done'],
        ['waits, missing', 'done'],
        ['waits, conflict', 'done'],
      ]),
    ],
  },
  {
    name: 'Rows that come with a table are not looked at',
    why: 'A native key looks at all rows of a table that is attached, and locks the users’ table meanwhile. No trigger fires for such rows, so the fence doesn’t see them. The sweep finds those that are there when it comes; whoever attaches a table later runs the scan.',
    scenarios: [names.attached],
    cases: [
      ...at('attach table', [
        ['missing', 'done'],
        ['waits, missing', 'done'],
      ]),
      ...at('delete user', [['waits, done', 'done']]),
    ],
  },
  {
    name: 'The sweep waits at the barrier',
    why: 'Who began before the tombstone may have written a row that names the user. The receipt waits for them; what is visible is cleared before.',
    cases: at('sweep', [['done', 'waits, done']]),
  },
  {
    name: 'Nothing looks in the referenced database',
    why: 'Past the guard only the fence stands, which knows a deletion from the moment when the sweep has taken it over. What is written before goes with the sweep.',
    scenarios: [names.unguarded],
    cases: [
      ...at('insert row', [
        ['missing', 'done'],
        ['conflict', 'done'],
      ]),
      ...at('delete user', [
        ['waits, done', 'done'],
        ['waits, conflict', 'done'],
      ]),
    ],
  },
]

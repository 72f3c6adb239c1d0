import { defineFinding } from '../finding.ts'
import { referentialActions } from './action.ts'
import { annotationForms } from './annotation.ts'

/** The referencing column as people read it: `projects.user_id`. */
interface OfColumn {
  readonly column: string
}

interface OfTarget extends OfColumn {
  /** `socrates_auth.users.id` */
  readonly target: string
}

const actions = referentialActions.join(', ')

export const undeclared = defineFinding('reference.undeclared', ({ column }: OfColumn) => ({
  what: `${column} is a uuid without a foreign key, and doesn’t say what it refers to.`,
  why: 'If it names a row of another database, nothing checks it on write or follows it on delete.',
  fix: `Put above the field: /// ${annotationForms}.`,
}))

export const malformed = defineFinding(
  'reference.malformed',
  ({ text, problem }: { text: string; problem: string }) => ({
    what: `\`${text}\` cannot be understood.`,
    why: problem,
    fix: `Write ${annotationForms}.`,
  }),
)

export const misplaced = defineFinding('reference.misplaced', ({ text }: { text: string }) => ({
  what: `\`${text}\` belongs to no column.`,
  why: 'Only the lines with three slashes directly above a column, or behind it, are its documentation.',
  fix: 'Move it directly above the column (not the relation field), and begin the line with ///.',
}))

export const repeated = defineFinding('reference.repeated', ({ column }: OfColumn) => ({
  what: `${column} has more than one @reference.`,
  why: 'A column names rows of one table, so that one action follows when they are deleted.',
  fix: 'Keep one annotation; give each kind of target a column of its own, or opt out with @reference(none).',
}))

export const unknownAction = defineFinding(
  'reference.unknownAction',
  ({ column, action }: OfColumn & { readonly action: string }) => ({
    what: `\`${action}\` is no referential action for ${column}.`,
    why: `Known are ${actions}, in this spelling.`,
    fix: `Write onDelete: ${referentialActions.join(' | ')}.`,
  }),
)

export const setNullOnRequired = defineFinding('reference.setNullOnRequired', ({ column }: OfColumn) => ({
  what: `${column} is NOT NULL, but is to be set null on delete.`,
  why: 'Every deletion of a referenced row would fail in this table.',
  fix: 'Make the field optional (`String?`), or choose Cascade, Restrict or Keep.',
}))

export const onList = defineFinding('reference.onList', ({ column }: OfColumn) => ({
  what: `${column} is an array.`,
  why: 'The elements of an array can be neither fenced nor followed on delete.',
  fix: 'Make a table of it, one row per element, or opt out with @reference(none).',
}))

export const foreignKeyExists = defineFinding('reference.foreignKeyExists', ({ column }: OfColumn) => ({
  what: `${column} has a foreign key and an @reference.`,
  why: 'A column whose key is checked inside its own database cannot name rows of another as well.',
  fix: 'Remove the annotation, or the relation.',
}))

export const sameDatabase = defineFinding('reference.sameDatabase', ({ column, target }: OfTarget) => ({
  what: `${column} refers to ${target}, in its own database.`,
  why: 'Inside one database PostgreSQL’s own foreign key does the work, and does it better.',
  fix: 'Declare a relation with onDelete instead.',
}))

export const unknownDatabase = defineFinding(
  'reference.unknownDatabase',
  ({ column, target, known }: OfTarget & { readonly known: readonly string[] }) => ({
    what: `${column} refers to ${target}, but no such database is in the catalog.`,
    why: `Known are ${known.join(', ')}.`,
    fix: 'Correct the name, or add the database to the catalog.',
  }),
)

export const unknownTable = defineFinding('reference.unknownTable', ({ column, target }: OfTarget) => ({
  what: `${column} refers to ${target}, but that database has no such table.`,
  why: 'A reference is written with the names that PostgreSQL knows (@@map), not with Prisma’s.',
  fix: 'Write the table’s name in the database.',
}))

export const ambiguousTable = defineFinding(
  'reference.ambiguousTable',
  ({ column, target, schemas }: OfTarget & { readonly schemas: readonly string[] }) => ({
    what: `${column} refers to ${target}, but several PostgreSQL schemas have such a table.`,
    why: `It is in ${schemas.join(', ')}.`,
    fix: 'Write database.schema.table.column.',
  }),
)

export const unknownColumn = defineFinding(
  'reference.unknownColumn',
  ({ column, target, known }: OfTarget & { readonly known: readonly string[] }) => ({
    what: `${column} refers to ${target}, but that table has no such column.`,
    why: `It has ${known.join(', ')}. A reference is written with PostgreSQL’s names (@map), not with Prisma’s.`,
    fix: 'Write the column’s name in the database.',
  }),
)

export const targetNotUnique = defineFinding('reference.targetNotUnique', ({ column, target }: OfTarget) => ({
  what: `${column} refers to ${target}, which is not unique.`,
  why: 'A reference names one row, so the referenced column needs a primary key or a unique constraint alone.',
  fix: 'Refer to the table’s key.',
}))

export const typeMismatch = defineFinding(
  'reference.typeMismatch',
  ({
    column,
    target,
    type,
    targetType,
  }: OfTarget & { readonly type: string; readonly targetType: string }) => ({
    what: `${column} is ${type}, but ${target} is ${targetType}.`,
    why: 'Values of different types cannot be compared reliably across two databases.',
    fix: `Give the column the type ${targetType}.`,
  }),
)

export const keyType = defineFinding(
  'reference.keyType',
  ({ column, type }: OfColumn & { readonly type: string }) => ({
    what: `${column} is ${type}, which has several ways to write the same value.`,
    why: 'Ids travel between the databases as text, and 1.0 would not be found where 1 was deleted.',
    fix: 'Use a key of type uuid, smallint, integer, bigint, text, varchar or char, or opt out with @reference(none).',
  }),
)

export const cascadeBlocked = defineFinding(
  'reference.cascadeBlocked',
  ({
    column,
    table,
    constraint,
    onDelete,
  }: OfColumn & { readonly table: string; readonly constraint: string; readonly onDelete: string }) => ({
    what: `The cascade over ${column} runs into ${constraint} of ${table}, which is onDelete: ${onDelete}.`,
    why: 'A row that is still named there could not be deleted, and the sweep would stay unfinished.',
    fix: `Let ${constraint} cascade or set null, or choose Restrict or Keep for ${column}.`,
  }),
)

export const unindexed = defineFinding('reference.unindexed', ({ column }: OfColumn) => ({
  what: `${column} leads no index.`,
  why: 'Whenever a row that it may name is deleted, the sweep looks for it, and would read the whole table.',
  fix: 'Add @@index([field]) to the model, or put the field first in an index that is there.',
}))

const kinds = {
  undeclared,
  malformed,
  misplaced,
  repeated,
  unknownAction,
  setNullOnRequired,
  onList,
  foreignKeyExists,
  sameDatabase,
  unknownDatabase,
  unknownTable,
  ambiguousTable,
  unknownColumn,
  targetNotUnique,
  typeMismatch,
  keyType,
  cascadeBlocked,
  unindexed,
}

export type ReferenceFinding = ReturnType<(typeof kinds)[keyof typeof kinds]>

/** What is left to the linter, so that a schema in the making can be used already. */
const advice: readonly ReferenceFinding['kind'][] = ['reference.undeclared', 'reference.unindexed']

/** What makes a reference unusable. */
export const isUnsound = ({ kind }: ReferenceFinding): boolean => !advice.includes(kind)

import type { Written } from '../book.ts'
import type { Person } from '../people.ts'
import { projects, type Row, type Table, tableNamed, tables, type Values } from '../place/tables.ts'
import { changes, forms, insertions, type Manner, type Task } from '../worker/messages.ts'
import type { Scene } from './scene.ts'

/** Has something written, and notes what became of it. */
export async function write(scene: Scene): Promise<void> {
  const task = planWrite(scene)
  if (task) await carryOut(scene, task)
}

/** Has this written, and notes what became of it. */
export async function carryOut(scene: Scene, task: Task): Promise<void> {
  const { book, tally } = scene
  const written = task.rows.map((row) => withLives(scene, task.table, row))
  // Whether a row that is being changed has the old values or the new is known only afterwards.
  const before = written.map(({ id }) => book.take(id))
  note(scene, written, `${describe(task)} begins`)
  const outcome = await scene.crew.ask(task)
  const told =
    outcome.kind === 'retry' || outcome.kind === 'lost' ? `${outcome.kind}: ${outcome.why}` : outcome.kind
  note(scene, written, `${describe(task)} ends: ${told}`)
  tally.add(`write ${told}`)
  if (outcome.kind === 'committed') {
    tally.add(`committed by ${task.kind === 'raw' ? task.statement : `prisma ${task.form}`}`)
  }
  if (outcome.kind === 'missing') book.refuse({ rows: written, missing: outcome.ids })
  const isDurable = task.kind === 'prisma' || task.manner.durable
  for (const [index, row] of written.entries()) {
    if (outcome.kind === 'committed' && isDurable) book.write(row)
    const old = before[index]
    if (old && ['rolled back', 'missing', 'retry'].includes(outcome.kind)) book.write(old)
  }
}

function planWrite(scene: Scene): Task | undefined {
  const { random, book } = scene
  if (random.chance(0.4)) {
    const form = random.pick(forms)
    const mode = random.pick(['locked', 'locked', 'locked', 'checked', 'off'])
    const count = ['createMany', 'batch', 'transaction'].includes(form) ? 1 + random.below(5) : 1
    const changed = form === 'update' || (form === 'upsert' && random.chance(0.5))
    const rows = changed ? rowToChange(scene, projects) : newRows(scene, projects, count)
    return rows && { kind: 'prisma', form, mode, table: projects.name, rows }
  }
  const manner = planManner(scene)
  if (random.chance(0.3)) {
    const table = tableNamed(random.any(book.recent())?.table ?? projects.name)
    const rows = rowToChange(scene, table)
    // What a conflict is with can't be moved to another partition.
    const statement = table.key.length > 1 ? random.pick(['update', 'from', 'merge']) : random.pick(changes)
    return rows && { kind: 'raw', statement, table: table.name, rows, manner }
  }
  const table = random.pick(tables)
  const rows = newRows(scene, table, 1 + random.below(3))
  return rows && { kind: 'raw', statement: random.pick(insertions), table: table.name, rows, manner }
}

function planManner({ random }: Scene): Manner {
  const slow = () => (random.chance(0.3) ? random.below(400) : 0)
  return {
    isolation: random.pick(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE']),
    before: slow(),
    after: slow(),
    snapshot: random.chance(0.1) ? 'lent' : 'own',
    commit: random.pick(['plain', 'plain', 'plain', 'plain', 'plain', 'plain', 'prepared', 'rolled back']),
    durable: !random.chance(0.25),
    savepoints: random.chance(0.2),
  }
}

/** Mostly somebody who is there, or is just being deleted; sometimes somebody who is gone. */
function choose({ random, people }: Scene, target: Person['target']): Person | undefined {
  const state = random.pick(['living', 'living', 'living', 'doomed', 'doomed', 'gone'])
  return random.any(people.every(target, state)) ?? random.any(people.every(target, 'living'))
}

function chooseValues(scene: Scene, { columns }: Table): Values {
  return columns.map(({ target }, index) =>
    index > 0 && scene.random.chance(0.3) ? null : (choose(scene, target)?.id ?? null),
  )
}

function newRows(scene: Scene, table: Table, count: number): readonly Row[] | undefined {
  const rows = Array.from({ length: count }, () => ({
    id: scene.random.uuid(),
    values: chooseValues(scene, table),
  }))
  return rows.every(({ values }) => values[0] !== null) ? rows : undefined
}

/** A row that is there, with another first value; each is changed by one at a time. */
function rowToChange(scene: Scene, table: Table): readonly Row[] | undefined {
  const rows = scene.book.recent().filter((row) => row.table === table.name)
  const row = scene.random.any(rows)
  const first = choose(scene, table.columns[0].target)
  return row && first && [{ id: row.id, values: [first.id, ...row.values.slice(1)] }]
}

function withLives({ people, book }: Scene, table: string, { id, values }: Row): Written {
  const known = book.written.get(id)
  const { columns } = tableNamed(table)
  const lives = columns.map(({ target }, index) => {
    const value = values[index] ?? null
    if (value === null) return null
    // What the row named before, it names since before.
    if (known && known.values[index] === value) return known.lives[index] ?? null
    return people.find(target, value)?.life ?? null
  })
  return { table, id, values, lives }
}

function note({ book }: Scene, rows: readonly Written[], what: string): void {
  for (const { id, values } of rows) {
    for (const value of values) if (value !== null) book.note(value, `${what} (row ${id})`)
  }
}

function describe(task: Task): string {
  if (task.kind === 'prisma') return `prisma ${task.form} ${task.mode}`
  const { isolation, snapshot, commit, durable, savepoints } = task.manner
  const more = `${savepoints ? ', savepoints' : ''}${durable ? '' : ', not durable'}`
  return `${task.statement} ${task.table} ${isolation}, ${snapshot} snapshot, ${commit}${more}`
}

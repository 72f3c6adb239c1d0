import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Row } from '../copy/table.ts'
import { personAt } from '../world/person.ts'
import { makePhrases } from '../world/phrases.ts'
import type { Settings } from '../world/world.ts'
import { auth } from './auth.ts'
import type { SeededDatabase } from './database.ts'
import { specs } from './specs.ts'

const settings: Settings = { seed: 1, users: 320, until: Date.UTC(2026, 10, 1) }

function rowsOf(database: SeededDatabase, changed: Partial<Settings> = {}): Map<string, Row[]> {
  const used = { ...settings, ...changed }
  const rows = new Map<string, Row[]>(database.tables.map(({ name }) => [name, []]))
  const made = { settings: used, phrases: makePhrases(used), hashes: ['$scrypt$…'] }
  for (let first = 0; first < used.users; first += 64) {
    database.makeBlock(made, first, Math.min(first + 64, used.users), (table, some) =>
      rows.get(table.name)?.push(...some),
    )
  }
  return rows
}

const all = new Map([...rowsOf(auth), ...rowsOf(specs)])
const table = (name: string): readonly Row[] => all.get(name) ?? []
const share = (name: string, is: (row: Row) => boolean) => table(name).filter(is).length / table(name).length

describe('the rows of both databases', () => {
  test('fill all 29 tables', () => {
    expect(all.size).toBe(29)
    expect([...all].filter(([, rows]) => rows.length === 0)).toEqual([])
  })

  test('are the same for the same seed, and others for another', () => {
    const ofSeed = (seed: number) => {
      const rows = [...rowsOf(auth, { seed }), ...rowsOf(specs, { seed })]
      return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
    }
    const [first, again, other] = [ofSeed(1), ofSeed(1), ofSeed(2)]
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  test('name only users who are there', () => {
    const known = new Set(table('users').map(({ id }) => id))
    const columns = [
      'user_id',
      'owner_id',
      'invited_by',
      'accepted_by',
      'shared_by',
      'confirmed_by',
      'resolved_by',
      'requested_by',
      'uploaded_by',
    ]
    const named = [...all.values()].flat().flatMap((row) => columns.map((column) => row[column] ?? null))
    const strangers = named.filter((id) => id !== null && !known.has(id))
    expect(named.some((id) => id !== null)).toBe(true)
    expect(strangers).toEqual([])
  })

  test('tell of nothing after the moment that was passed in, and of no row that changed before it was made', () => {
    const happened =
      /^(created|updated|started|asked|answered|confirmed|detected|resolved|joined|requested|occurred|issued|paid|voided|used|revoked|granted|finished|indexed|embedded|measured|last_login|last_message|cancelled)_at$/
    const late = [...all].flatMap(([name, rows]) =>
      rows.flatMap((row) =>
        Object.entries(row)
          .filter(([column, at]) => happened.test(column) && typeof at === 'number' && at > settings.until)
          .map(([column]) => `${name}.${column}`),
      ),
    )
    expect([...new Set(late)]).toEqual([])
    const reversed = [...all].filter(([, rows]) =>
      rows.some(({ created_at: made, updated_at: changed }) => Number(changed) < Number(made)),
    )
    expect(reversed.map(([name]) => name)).toEqual([])
  })

  test('children come after their parents', () => {
    const times = new Map([...all.values()].flat().map((row) => [row.id, Number(row.created_at)]))
    const parents = [
      'user_id',
      'owner_id',
      'project_id',
      'session_id',
      'question_id',
      'document_id',
      'team_id',
    ]
    const early = [...all].flatMap(([name, rows]) =>
      rows.flatMap((row) =>
        parents
          .filter((parent) => (times.get(row[parent] ?? null) ?? 0) > Number(row.created_at))
          .map((parent) => `${name}.${parent}`),
      ),
    )
    expect([...new Set(early)]).toEqual([])
  })
})

describe('distributions', () => {
  test('most users do little, a few do most', () => {
    const projects = [...Map.groupBy(table('projects'), ({ user_id }) => user_id).values()]
    const counts = projects.map(({ length }) => length).sort((one, other) => other - one)
    const busiest = counts.slice(0, settings.users / 10).reduce((sum, count) => sum + count, 0)
    expect(busiest / table('projects').length).toBeGreaterThan(0.3)
    expect(projects.length / settings.users).toBeLessThan(0.85)
  })

  test('more users sign up in the second year than in the first', () => {
    const middle = settings.until - 365 * 86_400_000
    expect(share('users', ({ created_at }) => Number(created_at) > middle)).toBeGreaterThan(0.65)
  })

  test('projects thin out from phase to phase', () => {
    const inPhase = (phase: string) => share('projects', (row) => row.phase === phase)
    expect(inPhase('discovery')).toBeGreaterThan(inPhase('implementation'))
    for (const phase of ['discovery', 'analysis', 'design', 'implementation'])
      expect(inPhase(phase)).toBeGreaterThan(0.08)
  })

  test('four of five questions are answered', () => {
    const answered = share('questions', ({ status }) => status === 'answered')
    expect(answered).toBeGreaterThan(0.75)
    expect(answered).toBeLessThan(0.85)
  })
})

describe('figures', () => {
  test('invoices add up, and their lines do', () => {
    for (const { subtotal_amount, tax_amount, total_amount, line_items } of table('invoices')) {
      expect(total_amount).toBe(Number(subtotal_amount) + Number(tax_amount))
      const lines = Array.isArray(line_items) ? line_items : []
      expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(subtotal_amount)
    }
  })

  test('a request costs what its tokens cost', () => {
    const dear = table('llm_usage_tracking').filter(({ provider }) => provider === 'anthropic')
    expect(dear.length).toBeGreaterThan(0)
    for (const { cost, input_tokens, output_tokens } of dear)
      expect(cost).toBeCloseTo((Number(input_tokens) * 3 + Number(output_tokens) * 15) / 1e6, 8)
  })

  test('a run of generation counts its files', () => {
    const files = Map.groupBy(table('generated_files'), ({ generated_project_id }) => generated_project_id)
    for (const { id, file_count, total_bytes } of table('generated_projects')) {
      const own = files.get(id ?? null) ?? []
      expect(file_count).toBe(own.length)
      expect(total_bytes).toBe(own.reduce((sum, { size_bytes }) => sum + Number(size_bytes), 0))
    }
  })

  test('a chunk is the text between its offsets', () => {
    const documents = new Map(table('knowledge_base_documents').map((row) => [row.id, String(row.content)]))
    for (const { document_id, content, start_offset, end_offset } of table('document_chunks'))
      expect(documents.get(document_id ?? null)?.slice(Number(start_offset), Number(end_offset))).toBe(
        content,
      )
  })
})

test('a user is the same whoever asks, and whatever else was drawn', () => {
  const phrases = makePhrases(settings)
  const { id, email, createdAt } = personAt(settings, phrases, 200)
  expect(table('users')[200]).toMatchObject({ id, email, created_at: createdAt })
})

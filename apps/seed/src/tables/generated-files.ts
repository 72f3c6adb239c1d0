import { defineTable, type RowOf } from '../copy/table.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import type { GeneratedProject } from './generated-projects.ts'

export const generatedFiles = defineTable('generated_files', {
  id: 'text',
  generated_project_id: 'text',
  path: 'text',
  type: 'text',
  language: 'text?',
  content: 'text',
  content_hash: 'text',
  size_bytes: 'number',
  line_count: 'number',
  is_entry_point: 'flag',
  created_at: 'time',
  updated_at: 'time',
})

export type GeneratedFile = RowOf<typeof generatedFiles>

const extensions: Readonly<Record<string, string>> = { TypeScript: 'ts', Python: 'py', Go: 'go' }

/** What a run that succeeded has written: an entry point, a page, and modules with their tests. */
export function makeGeneratedFiles(random: Random, phrases: Phrases, run: GeneratedProject): GeneratedFile[] {
  if (run.status !== 'succeeded') return []
  const end = extensions[run.language] ?? 'txt'
  const modules = random.integer(2, 6)
  const parts = [
    [`src/main.${end}`, 'source'],
    ['README.md', 'documentation'],
    ...Array.from({ length: modules }, (_, index) => [`src/part${index + 1}.${end}`, 'source'] as const),
    ...Array.from({ length: modules }, (_, index) => [`test/part${index + 1}.${end}`, 'test'] as const),
  ] as const
  return parts.map(([path, type], index) => {
    const lines = Array.from({ length: random.integer(3, 8) }, () => `// ${random.pick(phrases.sentences)}`)
    const content = `${lines.join('\n')}\n`
    const at = run.finished_at ?? run.created_at
    return {
      id: random.uuid(),
      generated_project_id: run.id,
      path,
      type,
      language: type === 'documentation' ? 'Markdown' : run.language,
      content,
      content_hash: random.digest(),
      size_bytes: Buffer.byteLength(content),
      line_count: lines.length,
      is_entry_point: index === 0,
      created_at: at,
      updated_at: at,
    }
  })
}

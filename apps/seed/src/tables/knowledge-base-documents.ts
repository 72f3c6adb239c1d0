import { defineTable, type RowOf } from '../copy/table.ts'
import type { Phrases } from '../world/phrases.ts'
import type { Random } from '../world/random.ts'
import { minute, moment } from '../world/world.ts'
import type { Project } from './projects.ts'

export const knowledgeBaseDocuments = defineTable('knowledge_base_documents', {
  id: 'text',
  project_id: 'text',
  uploaded_by: 'text?',
  title: 'text',
  source: 'text',
  status: 'text',
  source_uri: 'text?',
  mime_type: 'text',
  language: 'text?',
  content: 'text',
  content_hash: 'text',
  size_bytes: 'number',
  error_message: 'text?',
  metadata: 'json',
  indexed_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

export type Document = RowOf<typeof knowledgeBaseDocuments>

/** What was uploaded to a project; paragraphs are parted by an empty line. */
export function makeDocuments(random: Random, phrases: Phrases, project: Project): Document[] {
  return Array.from({ length: random.chance(0.6) ? 0 : random.integer(1, 3) }, () => {
    const paragraphs = Array.from({ length: random.integer(2, 6) }, () => random.pick(phrases.paragraphs))
    const content = paragraphs.join('\n\n')
    const createdAt = moment(random, project.created_at, project.updated_at)
    const status = random.weighted([
      ['indexed', 0.9],
      ['failed', 0.06],
      ['pending', 0.04],
    ])
    const indexedAt = status === 'indexed' ? Math.min(project.updated_at, createdAt + minute) : null
    const source = random.weighted([
      ['upload', 0.7],
      ['url', 0.2],
      ['text', 0.1],
    ])
    return {
      id: random.uuid(),
      project_id: project.id,
      uploaded_by: project.user_id,
      title: `Notes: ${random.pick(phrases.features)}`,
      source,
      status,
      source_uri: source === 'url' ? `https://docs.example.org/${random.integer(1, 9999)}` : null,
      mime_type: 'text/plain',
      language: 'en',
      content,
      content_hash: random.digest(),
      size_bytes: Buffer.byteLength(content),
      error_message: status === 'failed' ? 'The file could not be read.' : null,
      metadata: { pages: random.integer(1, 30) },
      indexed_at: indexedAt,
      created_at: createdAt,
      updated_at: indexedAt ?? createdAt,
    }
  })
}

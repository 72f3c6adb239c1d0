import { defineTable, type RowOf } from '../copy/table.ts'
import type { Random } from '../world/random.ts'
import { tokensOf } from './conversation-history.ts'
import type { Document } from './knowledge-base-documents.ts'

export const documentChunks = defineTable('document_chunks', {
  id: 'text',
  document_id: 'text',
  ordinal: 'number',
  status: 'text',
  content: 'text',
  content_hash: 'text',
  token_count: 'number',
  start_offset: 'number',
  end_offset: 'number',
  embedding: 'list',
  embedding_model: 'text?',
  metadata: 'json',
  embedded_at: 'time?',
  created_at: 'time',
  updated_at: 'time',
})

/** Far fewer than a real model has: a row is to cost what a row costs, not what its vector does. */
const dimensions = 16

/** The paragraphs of a document that was indexed, where they stand in it. */
export function makeChunks(random: Random, document: Document): RowOf<typeof documentChunks>[] {
  const at = document.indexed_at
  if (at === null) return []
  let start = 0
  return document.content.split('\n\n').map((content, index) => {
    const [from, to] = [start, start + content.length]
    start = to + 2
    return {
      id: random.uuid(),
      document_id: document.id,
      ordinal: index + 1,
      status: 'embedded',
      content,
      content_hash: random.digest(),
      token_count: tokensOf(content),
      start_offset: from,
      end_offset: to,
      embedding: Array.from({ length: dimensions }, () => Math.round(random.between(-1, 1) * 1e4) / 1e4),
      embedding_model: 'small-embedder',
      metadata: {},
      embedded_at: at,
      created_at: at,
      updated_at: at,
    }
  })
}

import { documentChunks, makeChunks } from '../tables/document-chunks.ts'
import { generatedFiles, makeGeneratedFiles } from '../tables/generated-files.ts'
import { generatedProjects, makeGeneratedProjects, withFiles } from '../tables/generated-projects.ts'
import { knowledgeBaseDocuments, makeDocuments } from '../tables/knowledge-base-documents.ts'
import type { Project } from '../tables/projects.ts'
import { makeQualityMetrics, qualityMetrics } from '../tables/quality-metrics.ts'
import type { Random } from '../world/random.ts'
import type { Model } from '../world/wording.ts'
import type { Made, Put } from './database.ts'

/** What was uploaded to a project, what was generated from it, and how good that is. */
export function generate(random: Random, { phrases }: Made, project: Project, model: Model, put: Put) {
  const documents = makeDocuments(random, phrases, project)
  put(knowledgeBaseDocuments, documents)
  put(
    documentChunks,
    documents.flatMap((document) => makeChunks(random, document)),
  )
  const runs = makeGeneratedProjects(random, project, model).map((run) => {
    const files = makeGeneratedFiles(random, phrases, run)
    put(generatedFiles, files)
    return withFiles(run, files)
  })
  put(generatedProjects, runs)
  put(qualityMetrics, makeQualityMetrics(random, project, runs))
  return { documents, runs }
}

import type { SchemaFile } from '@manybase/schema-engine'

const feature = 'partialIndexes'
const generator = /^generator\s+\w+\s*\{[^}]*\}/m
const list = /previewFeatures\s*=\s*\[([^\]]*)\]/

/**
 * Switches partial indexes on where a schema has some: the schema engine reads them from any database, and
 * refuses them in a schema whose generator doesn't name the preview feature.
 */
export function allowPartialIndexes(files: readonly SchemaFile[]): readonly SchemaFile[] {
  const uses = files.some(([, content]) => content.includes('where: raw('))
  if (!uses || files.some(([, content]) => generator.exec(content)?.[0].includes(feature))) return files
  const at = files.findIndex(([, content]) => generator.test(content))
  if (at >= 0) return files.map(([path, content], index) => [path, index === at ? extend(content) : content])
  return files.map(([path, content], index) => [path, index === 0 ? `${own}\n${content}` : content])
}

const extend = (content: string): string =>
  content.replace(generator, (block) => {
    if (!list.test(block)) return block.replace(/\s*\}$/, `\n  previewFeatures = ["${feature}"]\n}`)
    return block.replace(list, (_whole, features: string) => {
      const others = features.trim()
      return `previewFeatures = [${others}${others === '' ? '' : ', '}"${feature}"]`
    })
  })

const own = `generator client {
  provider        = "prisma-client"
  output          = "../generated"
  previewFeatures = ["${feature}"]
}
`

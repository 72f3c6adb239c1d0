import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { generateDescriptor, outputFile } from '@manybase/app-validation/generator'
import { errorMessage, isFailure } from '@manybase/failure'
import generatorHelper, { type GeneratorOptions } from '@prisma/generator-helper'
import { findBySchema } from './catalog/catalog.ts'
import { loadCatalog } from './catalog/load.ts'

generatorHelper.generatorHandler({
  onManifest: () => ({ prettyName: 'references between databases', defaultOutput: '../generated' }),
  async onGenerate({ schemaPath, dmmf, generator }: GeneratorOptions) {
    try {
      const catalog = await loadCatalog(dirname(resolve(schemaPath)))
      const database = findBySchema(catalog, resolve(schemaPath))
      const text = await generateDescriptor(catalog.databases, database.name, dmmf.datamodel)
      const folder = generator.output?.value ?? database.client
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, outputFile), text)
    } catch (error) {
      // Prisma shows nothing but the message.
      if (isFailure(error)) throw new Error(`${error.message}\n${error.why}\n${error.fix}`, { cause: error })
      throw new Error(errorMessage(error), { cause: error })
    }
  },
})

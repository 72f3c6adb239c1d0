import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { namedDifferences } from '../named-differences.ts'
import { fillPage, page } from '../page.ts'
import { scenarios } from '../scenarios.ts'

/** Writes the page anew after a change of the scenarios or the differences. */
const file = join(import.meta.dirname, '../../../../..', page)
writeFileSync(file, fillPage(readFileSync(file, 'utf8'), scenarios, namedDifferences))

import { defineFailure, exitCodes } from '@manybase/failure'
import type { Catalog } from '../catalog/catalog.ts'
import type { LocalServer } from '../catalog/define.ts'

const localMissing = defineFailure<{ root: string }>('local.missing', exitCodes.precondition, ({ root }) => ({
  what: `The catalog in ${root} has no local server.`,
  why: 'Only a server that this repository runs itself can be started and stopped from here.',
  fix: "Add `local: localPostgres({ directory: '.data/postgres' })` to databases.config.ts.",
}))

/** @throws `local.missing` */
export function localServer(catalog: Catalog): LocalServer {
  if (!catalog.local) throw localMissing({ root: catalog.root })
  return catalog.local
}

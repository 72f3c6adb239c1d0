import { errorMessage } from '@manybase/failure'
import type { Client } from 'pg'
import type { DatabaseLocale } from '../backup/manifest.ts'
import { localeColumns } from '../backup/reader.ts'
import { loadFailed } from './failures.ts'
import type { Site } from './site.ts'

/** Makes an empty database beside another one, with its locale or else that of the backup. */
export async function createBeside(site: Site, name: string, saved: DatabaseLocale): Promise<void> {
  const { admin, database } = site
  const locale = (await localeOf(admin, site.name)) ?? saved
  const usual = await localeOf(admin, 'template1')
  // What an administrator has put into template1 is for every new database, where the locale lets it be copied.
  const settings = sameLocale(locale, usual) ? '' : localeSql(admin, locale)
  await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}${settings}`).catch((error) => {
    throw loadFailed({ database: database.name, object: 'The database', message: errorMessage(error) }, error)
  })
}

async function localeOf(admin: Client, name: string): Promise<DatabaseLocale | undefined> {
  const { rows } = await admin.query<DatabaseLocale>(
    `SELECT ${localeColumns} FROM pg_database d WHERE d.datname = $1`,
    [name],
  )
  return rows[0]
}

const sameLocale = (a: DatabaseLocale, b: DatabaseLocale | undefined): boolean =>
  a.encoding === b?.encoding &&
  a.provider === b.provider &&
  a.collate === b.collate &&
  a.ctype === b.ctype &&
  a.locale === b.locale

function localeSql(admin: Client, { encoding, provider, collate, ctype, locale }: DatabaseLocale): string {
  const text = (value: string) => admin.escapeLiteral(value)
  const name = provider === 'i' ? 'icu' : provider === 'b' ? 'builtin' : 'libc'
  const own = locale === null ? '' : ` ${name === 'icu' ? 'ICU_LOCALE' : 'BUILTIN_LOCALE'} ${text(locale)}`
  return ` TEMPLATE template0 ENCODING ${text(encoding)} LC_COLLATE ${text(collate)} LC_CTYPE ${text(ctype)} LOCALE_PROVIDER ${name}${own}`
}

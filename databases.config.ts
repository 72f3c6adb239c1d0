import { referenceIntegrity } from '@manybase/app-validation/migrate'
import { localPostgres } from '@manybase/local-postgres'
import { defineDatabases, fromVariable } from '@manybase/migrator/config'

export default defineDatabases({
  generate: ['prisma', 'generate'],
  local: localPostgres({ directory: '.data/postgres' }),
  integrity: referenceIntegrity(),
  roles: { migrator: 'socrates_migrator', application: 'socrates_api', sweeper: 'socrates_sweeper' },
  databases: {
    socrates_auth: { label: 'auth', directory: 'packages/db-auth', url: fromVariable('DATABASE_URL_AUTH') },
    socrates_specs: {
      label: 'specs',
      directory: 'packages/db-specs',
      url: fromVariable('DATABASE_URL_SPECS'),
    },
  },
})

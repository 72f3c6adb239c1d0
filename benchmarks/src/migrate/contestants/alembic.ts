import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPython } from '../../python.ts'
import type { Contestant, Setup, Subject } from '../contestant.ts'
import { readScripts, type Script } from './scripts.ts'
import { atOnce, line } from './shell.ts'

/** SQLAlchemy's migrator, with the same SQL in `op.execute`. */
export const alembic: Contestant = {
  key: 'alembic',
  label: 'Alembic',
  group: 'direct',
  role: 'other',
  ledger: 'alembic_version',
  async prepare(setup) {
    const { python, found } = await findPython(setup.env)
    if (found.kind === 'missing') return found
    const ini = join(setup.folder, 'alembic.ini')
    writeFileSync(ini, setup.subjects.map((subject) => section(setup, subject)).join('\n'))
    for (const subject of setup.subjects) writeEnvironment(setup, subject)
    const command = (...words: readonly string[]) => {
      const runs = setup.subjects.map(({ name }) =>
        line(python, '-m', 'alembic', '-c', ini, '-n', name, ...words),
      )
      return atOnce(runs, setup.folder, setup.env)
    }
    const [up, down] = [command('upgrade', 'head'), command('downgrade', 'base')]
    return { kind: 'ready', version: found.says, up, down }
  },
}

const section = ({ folder }: Setup, { name }: Subject): string =>
  `[${name}]\nscript_location = ${join(folder, name)}\n`

function writeEnvironment({ folder }: Setup, { name, variable, migrations }: Subject): void {
  const versions = join(folder, name, 'versions')
  mkdirSync(versions, { recursive: true })
  writeFileSync(join(folder, name, 'env.py'), environment(variable))
  const scripts = readScripts(migrations)
  for (const [index, script] of scripts.entries()) {
    writeFileSync(join(versions, `${script.name}.py`), revision(script, scripts[index - 1]))
  }
}

const environment = (variable: string): string => `import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["${variable}"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`

const revision = (script: Script, parent: Script | undefined): string => `from pathlib import Path
from alembic import op

revision = "${script.id}"
down_revision = ${parent ? `"${parent.id}"` : 'None'}

def upgrade():
    # A colon would begin a bind parameter.
    op.execute(Path(${JSON.stringify(script.path)}).read_text().replace(":", "\\\\:"))

def downgrade():
    op.execute(Path(${JSON.stringify(script.down.path)}).read_text().replace(":", "\\\\:"))
`

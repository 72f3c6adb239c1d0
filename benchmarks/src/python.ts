import { type Probe, probe } from './probe.ts'

const askVersions = `import alembic, psycopg2, platform
print("Alembic", alembic.__version__, "psycopg2", psycopg2.__version__.split()[0], "Python", platform.python_version())`

/** A Python that has Alembic. The PATH's may be another one than the system's, to which its packages belong. */
export async function findPython(
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<{ python: string; found: Probe }> {
  const [python, system] = ['python3', '/usr/bin/python3']
  const found = await probe(python, ['-c', askVersions], env)
  if (found.kind === 'found') return { python, found }
  return { python: system, found: await probe(system, ['-c', askVersions], env) }
}

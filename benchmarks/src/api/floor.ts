import { createHmac, timingSafeEqual } from 'node:crypto'
import Fastify, { type FastifyRequest } from 'fastify'
import { Pool } from 'pg'

/*
 * The least that the same answers cost in Node: Fastify and the driver, and by hand what the API has from its libraries.
 * Who is signed in is looked up as there, and the guard's protocol holds the user while the project is written.
 */

const { FLOOR_PORT, DATABASE_URL_AUTH, DATABASE_URL_SPECS, API_TOKEN_SECRET = '' } = process.env
const auth = new Pool({ connectionString: DATABASE_URL_AUTH, max: 10 })
const specs = new Pool({ connectionString: DATABASE_URL_SPECS, max: 10 })
/** Apart, as in the guard: whoever waits for a project's connection must not hold what others need to go on. */
const locks = new Pool({ connectionString: DATABASE_URL_AUTH, max: 10 })
const app = Fastify()

interface Claims {
  readonly sub: string
  readonly sid: string
  readonly exp: number
}

const signedIn = `SELECT 1 FROM users u WHERE id = $1 AND status = 'active' AND EXISTS (
  SELECT FROM refresh_tokens t WHERE t.user_id = u.id AND t.family_id = $2 AND t.revoked_at IS NULL AND t.expires_at > now())`

async function callerOf({ headers }: FastifyRequest): Promise<string> {
  const [head = '', payload = '', signature = ''] = (headers.authorization ?? '').slice(7).split('.')
  const expected = createHmac('sha256', API_TOKEN_SECRET).update(`${head}.${payload}`).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Error('not signed')
  const { sub, sid, exp }: Claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  if (exp * 1000 < Date.now() || !(await auth.query(signedIn, [sub, sid])).rowCount) throw new Error('ended')
  return sub
}

/** Of a project `p`: whether it is shared with the user $1. */
const shared = `EXISTS (SELECT FROM project_shares s WHERE s.project_id = p.id AND s.status = 'active'
  AND (s.expires_at IS NULL OR s.expires_at > now())
  AND (s.user_id = $1 OR EXISTS (SELECT FROM teams t WHERE t.id = s.team_id AND t.status = 'active'
    AND (t.owner_id = $1 OR EXISTS (
      SELECT FROM team_members m WHERE m.team_id = t.id AND m.user_id = $1 AND m.status = 'active')))))`

app.get('/health', async () => ({ status: 'alive' }))

app.get('/v1/projects', async (request) => {
  const { rows } = await specs.query(
    `SELECT p.* FROM projects p WHERE p.user_id = $1 OR ${shared} ORDER BY created_at DESC, id DESC LIMIT 21`,
    [await callerOf(request)],
  )
  return { items: rows.slice(0, 20), next: rows.length > 20 ? rows[19].id : null }
})

app.get<{ Params: { id: string } }>('/v1/projects/:id', async (request, reply) => {
  const { rows } = await specs.query(
    `SELECT p.* FROM projects p WHERE id = $2 AND (p.user_id = $1 OR ${shared})`,
    [await callerOf(request), request.params.id],
  )
  return rows[0] ?? reply.code(404).send()
})

app.post<{ Body: { name: string } }>('/v1/projects', async (request, reply) => {
  const userId = await callerOf(request)
  const lock = await locks.connect()
  try {
    await lock.query(`BEGIN; SET LOCAL synchronous_commit = off`)
    const { rowCount } = await lock.query('SELECT FROM users WHERE id = $1 FOR KEY SHARE', [userId])
    if (rowCount === 0) return await reply.code(422).send()
    const insert = 'INSERT INTO projects (user_id, name) VALUES ($1, $2) RETURNING *'
    const { rows } = await specs.query(insert, [userId, request.body.name])
    return await reply.code(201).send(rows[0])
  } finally {
    await lock.query('COMMIT').finally(() => lock.release())
  }
})

await app.listen({ host: '127.0.0.1', port: Number(FLOOR_PORT) })

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import type { OpenAPIV3_1 } from 'openapi-types'
import { type Answer, makeTestApp, type TestApp, type TestRequest } from '../testing/app.ts'
import { type JsonSchema, valuesOf } from '../testing/from-schema.ts'
import { enter } from '../testing/people.ts'

/** One operation of the document. */
interface Operation {
  readonly name: string
  readonly method: NonNullable<TestRequest['method']>
  readonly path: string
  readonly parameters: readonly { name: string; in: string; required?: boolean; schema: JsonSchema }[]
  readonly body: JsonSchema | undefined
  readonly secured: boolean
}

let api: TestApp
let document: OpenAPIV3_1.Document
const ajv = new Ajv2020({ strict: false, validateFormats: true })
formats.default(ajv)

beforeAll(async () => {
  api = await makeTestApp()
  document = (await api.ask({ url: '/docs/json' })).body
  ajv.addSchema(document, 'api')
})
afterAll(() => api[Symbol.asyncDispose]())

const pointer = (...parts: readonly string[]) =>
  parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')

const at = (reference: string): JsonSchema => {
  const found = lookUp(reference.slice(2).split('/'))
  if (found === undefined) throw new TypeError(`${reference} leads nowhere`)
  return found
}

function operations(): readonly Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => operationOf(path, method, operation)),
  )
}

// biome-ignore lint/suspicious/noExplicitAny: the document is JSON
const operationOf = (path: string, method: string, operation: any): Operation => ({
  name: `${method.toUpperCase()} ${path}`,
  method: method.toUpperCase() as 'GET',
  path,
  parameters: operation.parameters ?? [],
  body: operation.requestBody?.content['application/json'].schema,
  secured: operation.security !== undefined,
})

/** Requests that the document allows. */
function requestsOf({ method, path, parameters, body }: Operation): fc.Arbitrary<TestRequest> {
  const named = (place: string) => {
    const these = parameters.filter((parameter) => parameter.in === place)
    const fields = Object.fromEntries(these.map(({ name, schema }) => [name, valuesOf(schema, at)]))
    const requiredKeys = these.filter(({ required }) => required).map(({ name }) => name)
    return fc.record(fields, { requiredKeys })
  }
  return fc
    .record({
      path: named('path'),
      query: named('query'),
      body: body ? valuesOf(body, at) : fc.constant(undefined),
    })
    .map((made) => ({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(made.path[name]))),
      query: Object.fromEntries(Object.entries(made.query).map(([name, value]) => [name, String(value)])),
      ...(made.body !== undefined && { payload: made.body as object }),
    }))
}

/** What is wrong with an answer by the document; nothing is. */
function faultsOf({ path, method }: Operation, { status, headers, body }: Answer): unknown {
  const place = ['paths', path, method.toLowerCase(), 'responses', String(status)]
  const response = lookUp(place)
  if (response === undefined) return { undocumented: status, body }
  const type = String(headers['content-type'] ?? '').split(';')[0] ?? ''
  const content = Reflect.get(response, 'content')
  if (content === undefined) return body === '' ? undefined : { unexpected: body }
  if (lookUp([...place, 'content', type]) === undefined) return { type }
  const validate = ajv.getSchema(`api#${pointer(...place, 'content', type, 'schema')}`)
  return validate?.(body) === true ? undefined : { errors: validate?.errors, body }
}

const lookUp = (place: readonly string[]): object | undefined => {
  const found = place.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    document,
  )
  return typeof found === 'object' && found !== null ? found : undefined
}

/** Hashing is slow on purpose. */
const runsOf = ({ name }: Operation) => (/sign-in|POST \/v1\/users$/.test(name) ? 3 : 8)

const send = async (operation: Operation, request: TestRequest): Promise<Answer> => {
  const token = operation.secured ? (await enter(api.auth)).token : undefined
  return await api.ask({ ...request, as: operation.name === 'GET /metrics' ? undefined : token })
}

describe('the document and the behaviour agree', () => {
  test('about every request that the document allows', async () => {
    for (const operation of operations()) {
      await fc.assert(
        fc.asyncProperty(requestsOf(operation), async (request) => {
          const answer = await send(operation, request)
          expect([operation.name, request, faultsOf(operation, answer)]).toEqual([
            operation.name,
            request,
            undefined,
          ])
          expect([operation.name, request, answer.status, answer.body.errors]).not.toEqual([
            operation.name,
            request,
            400,
            answer.body.errors,
          ])
        }),
        { numRuns: runsOf(operation), endOnFailure: true },
      )
    }
  })

  test('about every body that it doesn’t: refused, and nothing worse', async () => {
    for (const operation of operations().filter(({ body }) => body !== undefined)) {
      const place = ['paths', operation.path, operation.method.toLowerCase(), 'requestBody', 'content']
      const validate = ajv.getSchema(`api#${pointer(...place, 'application/json', 'schema')}`)
      if (!validate) throw new TypeError(`${operation.name} has no schema of its body`)
      await fc.assert(
        fc.asyncProperty(requestsOf(operation), fc.json(), async (request, text) => {
          const payload: unknown = JSON.parse(text)
          fc.pre(!validate(payload))
          const headers = { 'content-type': 'application/json' }
          const answer = await send(operation, { ...request, payload: text, headers })
          expect([operation.name, text, answer.status]).toEqual([operation.name, text, 400])
          expect(faultsOf(operation, answer)).toBeUndefined()
        }),
        { numRuns: 8, endOnFailure: true },
      )
    }
  })

  test('about queries that it doesn’t name', async () => {
    for (const operation of operations()) {
      const [request] = fc.sample(requestsOf(operation), 1)
      const answer = await send(operation, { ...request, query: { unknown: 'x' } })
      expect([operation.name, answer.status]).toEqual([operation.name, 400])
      expect(faultsOf(operation, answer)).toBeUndefined()
    }
  })
})

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeTestApp, type TestApp } from '../testing/app.ts'
import { enter, type Quick } from '../testing/people.ts'

let api: TestApp
let ada: Quick
let base: string

beforeAll(async () => {
  api = await makeTestApp()
  ada = await enter(api.auth)
  const { id } = await api.specs.project.create({ data: { userId: ada.id, name: 'Shop' } })
  base = `/v1/projects/${id}/specifications`
})
afterAll(() => api[Symbol.asyncDispose]())

const specify = (key: string, value = 'v') =>
  api.ask({ method: 'POST', url: base, payload: { category: 'goals', key, value }, as: ada.token })
const change = (id: string, payload: object) =>
  api.ask({ method: 'PATCH', url: `${base}/${id}`, payload, as: ada.token })

describe('a specification', () => {
  test('is a draft until somebody confirms it, and then stays as it is', async () => {
    const { body } = await specify('audience')
    expect(body).toMatchObject({ version: 1, status: 'draft', source: 'user_input', confidence: 1 })
    expect((await change(body.id, { value: 'tea drinkers', status: 'confirmed' })).body).toMatchObject({
      value: 'tea drinkers',
      status: 'confirmed',
      confirmedBy: ada.id,
      confirmedAt: expect.any(String),
    })
    expect((await change(body.id, { value: 'everybody' })).status).toBe(409)
  })

  test('is superseded by the next version of its name', async () => {
    const [first, second] = [await specify('price'), await specify('price', 'w')]
    expect(second.body).toMatchObject({ version: 2, status: 'draft' })
    const before = await api.ask({ url: `${base}/${first.body.id}`, as: ada.token })
    expect(before.body).toMatchObject({ status: 'superseded', supersededById: second.body.id })
    const current = await api.ask({ url: `${base}?status=draft&category=goals`, as: ada.token })
    expect(current.body.items.map(({ key }: { key: string }) => key)).toContain('price')
  })

  test('has one writer of a version; others are told to try again', async () => {
    const written = await Promise.all(['1', '2', '3', '4'].map((value) => specify('colour', value)))
    const statuses = written.map(({ status }) => status)
    expect(statuses).toContain(201)
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true)
    const versions = await api.specs.specification.findMany({
      where: { key: 'colour' },
      select: { version: true, status: true },
      orderBy: { version: 'asc' },
    })
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1))
    expect(versions.filter(({ status }) => status !== 'superseded')).toHaveLength(1)
  })

  test.each([
    ['its version', { version: 7 }],
    ['who confirmed it', { confirmedBy: '00000000-0000-4000-8000-000000000001' }],
    ['another project', { projectId: '00000000-0000-4000-8000-000000000001' }],
    ['that it is superseded', { status: 'superseded' }],
  ])('takes nobody’s word for %s', async (_, more) => {
    const { body } = await specify(`key of ${_}`)
    expect((await change(body.id, more)).status).toBe(400)
  })
})

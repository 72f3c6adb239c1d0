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
  base = `/v1/projects/${id}/sessions`
})
afterAll(() => api[Symbol.asyncDispose]())

const ask = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, payload?: object) =>
  api.ask({ method, url: `${base}${path}`, ...(payload && { payload }), as: ada.token })
const begin = async () => `/${(await ask('POST', '', { title: 'Goals' })).body.id}`
const question = (session: string, content = 'Why?') =>
  ask('POST', `${session}/questions`, { category: 'goals', content })

describe('a conversation', () => {
  test('keeps what was asked and answered, in its order, with who said it', async () => {
    const session = await begin()
    const { body } = await question(session)
    const answered = await ask('PUT', `${session}/questions/${body.id}/answer`, { answer: 'To sell tea.' })
    expect(answered.body).toMatchObject({ status: 'answered', answer: 'To sell tea.' })
    const { items } = (await ask('GET', `${session}/messages`)).body
    expect(items).toMatchObject([
      { ordinal: 1, role: 'assistant', userId: null, questionId: body.id, content: 'Why?' },
      { ordinal: 2, role: 'user', userId: ada.id, questionId: body.id, content: 'To sell tea.' },
    ])
    expect((await ask('GET', `${session}/messages?after=1`)).body.items).toHaveLength(1)
    expect((await ask('GET', session)).body.lastMessageAt).toEqual(expect.any(String))
  })

  test('takes one answer to a question, however many come at once', async () => {
    const session = await begin()
    const { body } = await question(session)
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((answer) => ask('PUT', `${session}/questions/${body.id}/answer`, { answer })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })

  test('numbers messages without a gap, however many come at once', async () => {
    const session = await begin()
    const asked = await Promise.all(['1', '2', '3', '4', '5'].map((content) => question(session, content)))
    expect(asked.map(({ status }) => status)).toEqual(Array(5).fill(201))
    const { items } = (await ask('GET', `${session}/messages`)).body
    expect(items.map(({ ordinal }: { ordinal: number }) => ordinal)).toEqual([1, 2, 3, 4, 5])
  })

  test('takes what somebody says, as his, page by page', async () => {
    const session = await begin()
    const said = await ask('POST', `${session}/messages`, { content: 'One thing more.' })
    expect([said.status, said.body]).toMatchObject([201, { ordinal: 1, role: 'user', userId: ada.id }])
    for (const content of ['Two.', 'Three.']) await ask('POST', `${session}/messages`, { content })
    const first = (await ask('GET', `${session}/messages?limit=2`)).body
    const second = (await ask('GET', `${session}/messages?limit=2&after=${first.next}`)).body
    const contents = [...first.items, ...second.items].map(({ content }: { content: string }) => content)
    expect([contents, second.next]).toEqual([['One thing more.', 'Two.', 'Three.'], null])
  })

  test.each([
    { role: 'assistant' },
    { userId: '00000000-0000-4000-8000-000000000001' },
    { ordinal: 7 },
    { content: '' },
    { content: 'a\0b' },
    { content: 'x'.repeat(20_001) },
  ])('takes nobody’s word for %j', async (more) => {
    const session = await begin()
    expect((await ask('POST', `${session}/messages`, { content: 'So.', ...more })).status).toBe(400)
  })

  test('takes an answer that comes before its question by the clock', async () => {
    const session = await begin()
    const { body } = await question(session)
    const askedAt = new Date(Date.now() + 5_000)
    await api.specs.question.update({ where: { id: body.id }, data: { askedAt } })
    const { status } = await ask('PUT', `${session}/questions/${body.id}/answer`, { answer: 'So.' })
    expect(status).toBe(200)
  })

  test('that has ended takes no question until it goes on', async () => {
    const session = await begin()
    expect((await ask('PATCH', session, { status: 'completed' })).body.endedAt).toEqual(expect.any(String))
    expect((await question(session)).status).toBe(409)
    expect((await ask('PATCH', session, { status: 'active' })).body.endedAt).toBeNull()
    expect((await question(session)).status).toBe(201)
  })
})

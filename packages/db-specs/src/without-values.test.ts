import { describe, expect, test } from '@jest/globals'
import { withoutValues } from './without-values.ts'

describe('withoutValues', () => {
  test('leaves of a refused call its name and the reason', () => {
    const message = `
Invalid \`prisma.user.create()\` invocation:

{
  data: {
    email: "SECRET",
    nme: "SECRET",
    ~~~
+   name: String
  }
}

Unknown argument \`nme\`. Did you mean \`name\`?`
    expect(withoutValues(message)).toBe(
      '`prisma.user.create()`: Unknown argument `nme`. Did you mean `name`?',
    )
  })

  test.each([
    ['invalid input syntax for type uuid: "SECRET"', 'invalid input syntax for type uuid: "…"'],
    [
      'Message: `invalid input value for enum a: "SEC\nRET"`',
      'Message: `invalid input value for enum a: "…"`',
    ],
    ['value "SECRET" is out of range for type integer', 'value "…" is out of range for type integer'],
    ['date/time field value out of range: "SECRET"', 'date/time field value out of range: "…"'],
  ])('hides the value in %j', (message, safe) => {
    expect(withoutValues(message)).toBe(safe)
  })

  test('keeps the names of tables and constraints', () => {
    const message = 'new row for relation "users" violates check constraint "ck_users_email"'
    expect(withoutValues(message)).toBe(message)
  })
})

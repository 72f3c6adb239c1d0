import { describe, expect, test } from '@jest/globals'
import { readSettings } from './settings.ts'

const url = 'postgresql://u:hunter2@localhost/d'
const secret = 'a secret of more than 32 characters'
const least = { DATABASE_URL_AUTH: url, DATABASE_URL_SPECS: url, API_TOKEN_SECRET: secret }

function refusal(environment: Record<string, string>) {
  try {
    readSettings(environment)
  } catch (error) {
    return error
  }
  throw new Error('they are taken')
}

describe('the settings', () => {
  test('need two databases and a secret, and have defaults for the rest', () => {
    expect(readSettings(least)).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      tokenSecrets: [secret],
      metricsToken: undefined,
      trustedProxies: [],
      sweeper: true,
    })
  })

  test('take several secrets, the first of which signs', () => {
    const other = `another ${secret}`
    expect(readSettings({ ...least, API_TOKEN_SECRET: `${other}, ${secret}` }).tokenSecrets).toEqual([
      other,
      secret,
    ])
  })

  test('name every variable at fault at once, and what an empty one lacks', () => {
    expect(refusal({ ...least, DATABASE_URL_AUTH: '', API_PORT: '99999', API_SWEEPER: 'yes' })).toMatchObject(
      {
        code: 'settings.unusable',
        meta: {
          variables: [
            { variable: 'DATABASE_URL_AUTH', problem: 'is not set' },
            { variable: 'API_PORT', problem: 'is not between 0 and 65535' },
            { variable: 'API_SWEEPER', problem: 'is neither on nor off' },
          ],
        },
      },
    )
  })

  test.each([
    ['DATABASE_URL_SPECS', 'mysql://u:hunter2@localhost/d'],
    ['API_TOKEN_SECRET', 'hunter2'],
    ['API_METRICS_TOKEN', 'hunter2'],
  ])('never repeat what %s says', (variable, value) => {
    const error = refusal({ ...least, [variable]: value })
    expect(`${JSON.stringify(error)} ${error}`).not.toContain('hunter2')
    expect(error).toMatchObject({ meta: { variables: [{ variable }] } })
  })
})

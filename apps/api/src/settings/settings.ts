import * as z from 'zod'
import { settingsUnusable } from './failures.ts'

/** What `buildApp` has to be told. Times are in seconds. */
export interface Settings {
  /** Sign access tokens: the first signs, all verify, so that one can be replaced without signing everybody out. */
  readonly tokenSecrets: readonly [string, ...string[]]
  readonly accessTokenLifetime: number
  /** How long a sign-in lasts, however often its tokens are rotated. */
  readonly signInLifetime: number
  /** How long a request may take, databases that fall silent included; deletions may take twice as long. */
  readonly requestTimeout: number
  /** Requests a minute from one address. */
  readonly rateLimit: number
  /** Attempts a minute from one address to sign in, or up. */
  readonly signInRateLimit: number
  /** Addresses or networks of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  /** Who may read /metrics; without it nobody may. */
  readonly metricsToken?: string | undefined
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
}

/** And what the process needs besides. */
export interface ServerSettings extends Settings {
  readonly host: string
  readonly port: number
  readonly authUrl: string
  readonly specsUrl: string
  /** The URLs of the role that follows deletions, of the servers themselves; those above unless said otherwise. */
  readonly sweeperUrls: { readonly auth: string; readonly specs: string }
  readonly sweeper: boolean
  /** How long requests under way may take when the process is asked to end, in seconds. */
  readonly shutdownTimeout: number
}

export type Environment = Readonly<Record<string, string | undefined>>

const shortestSecret = 32
const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is no whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `is not between ${least} and ${most}`)

const postgresUrl = z
  .string({ error: 'is not set' })
  .refine(
    (text) => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol),
    'is no postgresql:// URL',
  )

const secrets = z
  .string({ error: 'is not set; `openssl rand -hex 32` makes one' })
  .transform(listOf)
  .refine(
    (list): list is [string, ...string[]] =>
      list.length > 0 && list.every((secret) => secret.length >= shortestSecret),
    `has a secret of fewer than ${shortestSecret} characters`,
  )

const Variables = z.object({
  DATABASE_URL_AUTH: postgresUrl,
  DATABASE_URL_SPECS: postgresUrl,
  API_TOKEN_SECRET: secrets,
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: whole(0, 65_535).default(3000),
  API_ACCESS_TOKEN_SECONDS: whole(10, 3600).default(600),
  API_SIGN_IN_DAYS: whole(1, 365).default(30),
  API_REQUEST_SECONDS: whole(1, 600).default(15),
  API_RATE_LIMIT: whole(1, 1_000_000).default(300),
  API_SIGN_IN_RATE_LIMIT: whole(1, 1_000_000).default(10),
  API_TRUSTED_PROXIES: z.string().default('').transform(listOf),
  API_METRICS_TOKEN: z.string().min(shortestSecret, `has fewer than ${shortestSecret} characters`).optional(),
  API_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], { error: 'is no level' })
    .default('info'),
  API_SWEEPER_URL_AUTH: postgresUrl.optional(),
  API_SWEEPER_URL_SPECS: postgresUrl.optional(),
  API_SWEEPER: z.enum(['on', 'off'], { error: 'is neither on nor off' }).default('on'),
  API_SHUTDOWN_SECONDS: whole(1, 600).default(20),
})

const secondsOfDay = 86_400

/**
 * Reads the environment; an empty value counts as unset.
 * @throws `settings.unusable`
 */
export function readSettings(variables: Environment): ServerSettings {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = Variables.safeParse(given)
  if (!parsed.success) {
    const unusable = parsed.error.issues.map(({ path, message }) => ({
      variable: String(path[0]),
      problem: message,
    }))
    throw settingsUnusable({ variables: unusable })
  }
  const environment = parsed.data
  return {
    tokenSecrets: environment.API_TOKEN_SECRET,
    accessTokenLifetime: environment.API_ACCESS_TOKEN_SECONDS,
    signInLifetime: environment.API_SIGN_IN_DAYS * secondsOfDay,
    requestTimeout: environment.API_REQUEST_SECONDS,
    rateLimit: environment.API_RATE_LIMIT,
    signInRateLimit: environment.API_SIGN_IN_RATE_LIMIT,
    trustedProxies: environment.API_TRUSTED_PROXIES,
    metricsToken: environment.API_METRICS_TOKEN,
    logLevel: environment.API_LOG_LEVEL,
    host: environment.API_HOST,
    port: environment.API_PORT,
    authUrl: environment.DATABASE_URL_AUTH,
    specsUrl: environment.DATABASE_URL_SPECS,
    sweeperUrls: {
      auth: environment.API_SWEEPER_URL_AUTH ?? environment.DATABASE_URL_AUTH,
      specs: environment.API_SWEEPER_URL_SPECS ?? environment.DATABASE_URL_SPECS,
    },
    sweeper: environment.API_SWEEPER === 'on',
    shutdownTimeout: environment.API_SHUTDOWN_SECONDS,
  }
}

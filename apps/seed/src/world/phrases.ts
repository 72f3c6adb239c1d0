import { base, en, Faker } from '@faker-js/faker'
import { type Settings, streamOf } from './world.ts'

/** Content that rows are put together from. */
export interface Phrases {
  readonly names: readonly string[]
  readonly surnames: readonly string[]
  readonly domains: readonly string[]
  readonly products: readonly string[]
  readonly companies: readonly string[]
  readonly features: readonly string[]
  readonly entities: readonly string[]
  readonly sentences: readonly string[]
  readonly paragraphs: readonly string[]
  readonly agents: readonly string[]
  readonly addresses: readonly string[]
}

/**
 * The phrase book of a seed. Made once, since a sentence of its own for every row would take longer than the
 * database takes for the row.
 */
export function makePhrases(settings: Settings): Phrases {
  const faker = new Faker({ locale: [en, base] })
  faker.seed(streamOf(settings, 'phrases').integer(0, 2 ** 31))
  faker.setDefaultRefDate(new Date(settings.until))
  const many = (count: number, make: () => string) => Array.from({ length: count }, make)
  return {
    names: many(600, () => faker.person.firstName()),
    surnames: many(600, () => faker.person.lastName()),
    // Names under example.org reach nobody (RFC 2606).
    domains: many(40, () => `${faker.internet.domainWord().toLowerCase()}.example.org`),
    products: many(300, () => faker.commerce.productName()),
    companies: many(200, () => faker.company.name()),
    features: many(
      300,
      () => `${faker.hacker.verb()} the ${faker.hacker.adjective()} ${faker.hacker.noun()}`,
    ),
    entities: many(100, () => faker.hacker.noun()),
    sentences: many(800, () => faker.hacker.phrase()),
    paragraphs: many(200, () => faker.lorem.paragraph({ min: 2, max: 5 })),
    agents: many(60, () => faker.internet.userAgent().slice(0, 512)),
    addresses: many(400, () => faker.internet.ipv4({ network: 'test-net-3' })),
  }
}

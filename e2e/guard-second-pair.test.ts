import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type TestDatabase, testServer } from '@manybase/local-postgres/testing'
import pg from 'pg'
import { makePrismaProject, type PrismaProject } from './support/prisma-project.ts'
import { node, root, run } from './support/run.ts'

// Another system: two PostgreSQL schemas of one database, names that need quotes, integer and text keys.
const generators = `
generator client {
  provider            = "prisma-client"
  output              = "../generated"
  moduleFormat        = "esm"
  importFileExtension = "ts"
}
generator references {
  provider = "${join(root, 'packages/migrator/bin/references.js')}"
  output   = "../generated"
}
`
const datasource = 'datasource db {\n  provider = "postgresql"\n}\n'
const stock = `${datasource}
model Article {
  number BigInt @id
  @@map("Articles")
}
model Currency {
  code String @id @db.Char(3)
}
`
const sales = `${datasource}${generators}
model Order {
  id       Int     @id @default(autoincrement())
  lines    Line[]
  /// @reference(stock.Currency.code, onDelete: Restrict)
  currency String  @db.Char(3)
}
model Line {
  id      Int     @id @default(autoincrement())
  orderId Int
  order   Order   @relation(fields: [orderId], references: [id])
  /// @reference(stock.Articles.number, onDelete: Restrict)
  article BigInt  @map("Article")
  /// @reference(stock.Articles.number, onDelete: SetNull)
  instead BigInt?
}
`
const catalog = `export default { databases: {
  stock: { directory: '.', schema: 'stock.prisma', url: { kind: 'variable', name: 'URL' } },
  sales: { directory: '.', url: { kind: 'variable', name: 'URL' } },
} }
`
const tables = `
CREATE SCHEMA stock;
CREATE TABLE stock."Articles" (number bigint PRIMARY KEY);
CREATE TABLE stock."Currency" (code char(3) PRIMARY KEY);
INSERT INTO stock."Articles" VALUES (1), (9007199254740993);
INSERT INTO stock."Currency" VALUES ('EUR'), ('"\\'''), ('X');
CREATE SCHEMA sales;
CREATE TABLE sales."Order" (id serial PRIMARY KEY, currency char(3) NOT NULL);
CREATE TABLE sales."Line" (id serial PRIMARY KEY, "orderId" int NOT NULL REFERENCES sales."Order",
  "Article" bigint NOT NULL, instead bigint);
`
const script = `
import { guardReferences } from '@manybase/app-validation/guard'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client.ts'
import { models, references } from './generated/references.ts'

const connectionString = process.env.URL
const client = new PrismaClient({ adapter: new PrismaPg({ connectionString }, { schema: 'sales' }) })
const pool = () => ({ connectionString, options: '-c search_path=stock' })
const sales = guardReferences(
  Object.assign(client, { $database: { name: 'sales', references, models, pool } }),
  { stock: { name: 'stock', pool } },
)
const order = (currency, ...articles) =>
  sales.order.create({ data: { currency, lines: { create: articles.map((article) => ({ article })) } } })
const say = async (write) => console.log(JSON.stringify(await write.then(() => 'written', ({ broken, message }) =>
  broken ? broken.map(({ reference, values }) => [reference.column, ...values]) : message)))

await say(order('EUR', 1, 9007199254740993n))
await say(order('"\\\\\\'', 1n))
await say(order('X', 1n))
await say(order('USD', 1n, 2n, 9007199254740992n))
await say(sales.line.updateMany({ data: { instead: { set: 3 }, article: 1 } }))
await say(sales.line.updateMany({ data: { instead: null } }))
await say(sales.line.updateMany({ data: { article: { increment: 1 } } }))
await say(order('EUR', 99999999999999999999n))
console.log(JSON.stringify(await sales.line.count()))
await sales.$disconnect()
`

let database: TestDatabase
let project: PrismaProject
beforeAll(async () => {
  database = await (await testServer()).createDatabase()
  const client = new pg.Client(database.url)
  await client.connect()
  await client.query(tables)
  await client.end()
  project = makePrismaProject(database.url, sales)
  project.write('databases.config.ts', catalog)
  project.write('stock.prisma', stock)
  project.write('use.ts', script)
  mkdirSync(join(project.directory, 'node_modules/@prisma'))
  for (const name of ['@prisma/client', '@prisma/adapter-pg']) {
    symlinkSync(
      join(root, 'packages/db-specs/node_modules', name),
      join(project.directory, 'node_modules', name),
    )
  }
  symlinkSync(
    join(root, 'packages/app-validation'),
    join(project.directory, 'node_modules/@manybase/app-validation'),
  )
})
afterAll(async () => {
  project.dispose()
  await database.drop()
})

test('another pair of databases, with integer and text keys in two schemas, is guarded alike', async () => {
  expect(await project.prisma(['generate'])).toMatchObject({ exitCode: 0 })
  const { stdout, stderr } = await run(node, ['use.ts'], {
    cwd: project.directory,
    env: { URL: database.url },
  })
  expect(stderr).toBe('')
  const lines: unknown[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toEqual([
    'written',
    'written',
    'written',
    [
      ['currency', 'USD'],
      ['Article', '2', '9007199254740992'],
    ],
    [['instead', '3']],
    'written',
    expect.stringContaining('[guard.arithmetic]'),
    expect.not.stringContaining('written'),
    4,
  ])
})

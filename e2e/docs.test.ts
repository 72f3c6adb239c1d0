import { describe, expect, test } from '@jest/globals'
import { exitCodes } from '@manybase/failure'
import { blocksOf } from './docs/blocks.ts'
import { commandsPage, renderCommandsPage } from './docs/commands-page.ts'
import { headingsOf, linksOf, problemOf } from './docs/links.ts'
import { pages, readText, sourceFiles } from './docs/pages.ts'
import { declaredKinds, findingKinds, readSources, variablesIn } from './docs/sources.ts'

const sources = readSources()
const firstColumn = (page: string) =>
  [...page.matchAll(/^\| ((?:`[\w@/.-]+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
    cell.split(', ').map((name) => name.replaceAll('`', '')),
  )

describe('pages', () => {
  test.each(pages)('%s: every link leads somewhere', (page) => {
    const problems = linksOf(readText(page)).map((target) => problemOf(page, target))
    expect(problems.filter((problem) => problem !== undefined)).toEqual([])
  })

  test('every page can be reached from the README', () => {
    const reached = new Set(['README.md'])
    for (const page of reached) {
      for (const link of linksOf(readText(page))) {
        const target = new URL(link.split('#')[0] ?? '', `file:///${page}`).pathname.slice(1)
        if (target.endsWith('.md') && pages.includes(target)) reached.add(target)
      }
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([])
  })

  test('what a page shows of a file is the file', () => {
    const shown = pages.flatMap((page) =>
      blocksOf(readText(page)).flatMap(({ settings, text }) => {
        const file = settings.get('shows')
        return file === undefined ? [] : [{ page, file, text: `${text}\n` }]
      }),
    )
    expect(shown.length).toBeGreaterThan(0)
    expect(shown).toEqual(shown.map(({ page, file }) => ({ page, file, text: readText(file) })))
  })

  test('every script that a page tells to run exists', () => {
    const manifest: { scripts: Record<string, string> } = JSON.parse(readText('package.json'))
    const others = ['db', 'exec', 'install', 'prisma', 'test']
    const known = new Set([...Object.keys(manifest.scripts), ...others])
    const called = pages.flatMap((page) =>
      blocksOf(readText(page))
        .filter(({ language }) => language === 'sh')
        .flatMap(({ text }) => [...text.matchAll(/\bpnpm(?:@12)? (?:-s )?([a-z:]+)/g)])
        .map(([, script = '']) => ({ page, script })),
    )
    expect(called.length).toBeGreaterThan(20)
    expect(called.filter(({ script }) => !known.has(script))).toEqual([])
  })
})

describe('reference', () => {
  test('commands.md is what the definitions say', async () => {
    expect(readText(commandsPage)).toBe(await renderCommandsPage())
  })

  test('pages speak of commands that exist, and say "not yet" of those that do not', () => {
    const commands = [...readText(commandsPage).matchAll(/^## `pnpm db (\w+)/gm)].map(([, name = '']) => name)
    const named = pages.flatMap((page) => {
      const text = readText(page)
      const later = [...text.matchAll(/not yet \(`pnpm db ([a-z]+)/g)].map(([, name = '']) => name)
      const mentioned = [...text.matchAll(/pnpm db ([a-z]+)/g)].map(([, name = '']) => name)
      return mentioned.map((name) => ({ page, name, later: later.includes(name) }))
    })
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter(({ name, later }) => later === commands.includes(name))).toEqual([])
  })

  test('errors.md lists every failure that can happen, with its exit code, and no other', () => {
    const findings = [...sources].filter(([path]) => path.startsWith('packages/migrator/src/plan/findings'))
    const inCode = [
      ...declaredKinds(sources, exitCodes),
      ...findings.flatMap(([, text]) => findingKinds(text)),
    ]
    const onPage = headingsOf(readText('docs/reference/errors.md')).flatMap((heading) => {
      const [, code, exit] = /^`([\w.-]+)` \((\d)\)$/.exec(heading) ?? []
      return code === undefined ? [] : [`${code} ${exit}`]
    })
    const wanted = [...new Set(inCode.map(({ code, exitCode }) => `${code} ${exitCode}`))].sort()
    expect(wanted.length).toBeGreaterThan(40)
    expect([...onPage].sort()).toEqual(wanted)
  })

  test('exit-codes.md lists every exit code', () => {
    const rows = [...readText('docs/reference/exit-codes.md').matchAll(/^\| (\d) \| `(\w+)` \|/gm)]
    expect(Object.fromEntries(rows.map(([, code, name = '']) => [name, Number(code)]))).toEqual(exitCodes)
  })

  test('environment.md lists every variable that the code reads or sets, and no other', () => {
    const byTools = ['NO_COLOR', 'FORCE_COLOR']
    const wanted = new Set([...variablesIn(sources), ...byTools])
    for (const name of ['DATABASE_URL_AUTH', 'DATABASE_URL_SPECS', 'NODE_ENV', 'TEST_POSTGRES']) {
      expect(wanted).toContain(name)
    }
    expect(firstColumn(readText('docs/reference/environment.md')).sort()).toEqual([...wanted].sort())
  })

  test('the pages show the catalog as it is', () => {
    const samples = blocksOf(readText('docs/reference/catalog.md')).map(({ text }) => `${text}\n`)
    expect(samples).toContain(readText('databases.config.ts'))
    expect(samples).toContain(readText('packages/db-auth/prisma.config.ts'))
  })

  test('catalog.md has every option of a catalog', () => {
    const text = sources.get('packages/migrator/src/catalog/define.ts') ?? ''
    const optionsOf = (name: string) => {
      const [, body = ''] = new RegExp(`interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(text) ?? []
      return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, option = '']) => option)
    }
    const wanted = ['CatalogConfig', 'HistoryConfig', 'OneUrl', 'ManyUrls', 'RoleNames'].flatMap(optionsOf)
    expect(wanted).toContain('migrations')
    expect(firstColumn(readText('docs/reference/catalog.md')).sort()).toEqual(wanted.sort())
  })

  test('formats.md has every key of a header and of options, and every column of the ledger', () => {
    const page = firstColumn(readText('docs/reference/formats.md'))
    const header = sources.get('packages/schema-engine/src/script/header.ts') ?? ''
    const [, keys = ''] = /\(((?:[a-z-]+\|)+[a-z-]+)\)/.exec(header) ?? []
    const ledger = sources.get('packages/migrator/src/ledger/sql.ts') ?? ''
    const columns = [...ledger.matchAll(/^ {2}(\w+) (?:varchar|timestamptz|text|integer)/gm)]
    const wanted = [...keys.split('|'), ...columns.map(([, column = '']) => column)]
    expect(wanted).toHaveLength(4 + 8)
    const options = sources.get('packages/migrator/src/history/options.ts') ?? ''
    const [, known = ''] = /const readers: [^\n]*= \{\n([\s\S]*?)\n\}/.exec(options) ?? []
    const optionKeys = [...known.matchAll(/^ {2}(\w+):/gm)].map(([, key = '']) => key)
    expect(optionKeys).toContain('lockTimeout')
    wanted.push(...optionKeys)
    expect(page).toEqual(expect.arrayContaining(wanted))
  })
})

describe('decisions', () => {
  test('the index lists every decision', () => {
    const index = linksOf(readText('docs/decisions/README.md'))
    const decisions = pages.filter((page) => /decisions\/\d{4}-/.test(page))
    expect(index.filter((link) => /^\d{4}-/.test(link)).sort()).toEqual(
      decisions.map((page) => page.replace('docs/decisions/', '')),
    )
  })

  test('every dependency has its reason', () => {
    const [, catalog = ''] = /\ncatalog:\n((?:(?: .*)?\n)+)/.exec(readText('pnpm-workspace.yaml')) ?? []
    const names = [...catalog.matchAll(/^ {2}['"]?([@\w/-]+)['"]?:/gm)].map(([, name = '']) => name)
    expect(names).toContain('prisma')
    expect(firstColumn(readText('docs/decisions/dependencies.md')).sort()).toEqual(names.sort())
  })
})

test('the picture has the databases and tables of the histories', () => {
  const scripts = sourceFiles().filter((path) => /^packages\/db-.*\/migration\.sql$/.test(path))
  const tables = scripts.flatMap((path) => {
    const [, creates = ''] = /^-- creates: (.*)$/m.exec(readText(path)) ?? []
    return creates.split(', ')
  })
  const picture = readText('docs/pictures/two-databases.svg')
  const words = [...picture.matchAll(/<text[^>]*class="mono"[^>]*>([a-z_]+)</g)].map(([, word = '']) => word)
  expect(tables).toHaveLength(5 + 24)
  expect(words.sort()).toEqual(tables.sort())
})

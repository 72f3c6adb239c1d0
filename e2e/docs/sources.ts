import { readText, sourceFiles } from './pages.ts'

/** Text of the product's sources by path; tests, fixtures and generated files aside. */
export function readSources(): ReadonlyMap<string, string> {
  const paths = sourceFiles().filter(
    (path) =>
      /^(packages|apps|benchmarks|attack)\/.*(src|bin)\/.*\.(ts|js)$/.test(path) &&
      !/\.test\.ts$|\/(fixtures|generated|migrations)\//.test(path),
  )
  return new Map(paths.map((path) => [path, readText(path)]))
}

/** A way to fail, as the sources declare it or as the page lists it. */
export interface Kind {
  readonly code: string
  readonly exitCode: number
}

const declaration = /defineFailure[\s(<][\s\S]*?'([a-z-]+\.[a-z-]+)',\s*(?:exitCodes\.)?(\w+)/g

/** Every kind that `defineFailure` declares in the sources. */
export const declaredKinds = (
  sources: ReadonlyMap<string, string>,
  exitCodes: Readonly<Record<string, number>>,
): readonly Kind[] =>
  [...sources]
    .filter(([path]) => !path.startsWith('packages/failure/'))
    .flatMap(([, text]) => [...withoutImports(text).matchAll(declaration)])
    .map(([, code = '', exit = '']) => ({ code, exitCode: exitCodes[exit] ?? Number.NaN }))

const withoutImports = (text: string) => text.replaceAll(/^import [\s\S]*? from .*$/gm, '')

const findingKind = /readonly kind: ((?:'[a-z-]+'(?: \| )?)+)/g

/** Kinds of the union `Finding`, as codes. */
export const findingKinds = (findings: string): readonly Kind[] =>
  [...findings.matchAll(findingKind)]
    .flatMap(([, kinds = '']) => kinds.split(' | '))
    .map((kind) => ({ code: `plan.${kind.replaceAll("'", '')}`, exitCode: 2 }))

const accesses = [
  /process\.env\.([A-Za-z_]\w*)/g,
  /process\.env\[\s*'(\w+)'\s*\]/g,
  /\b(?:env|variables|environment)\.([A-Z][A-Z_0-9]+|npm_\w+)\b/g,
  /\bget\('([A-Z][A-Z_0-9]+)'\)/g,
  /\b(?:urlVariable|variable)(?::| =) '([A-Z][A-Z_0-9]+)'/g,
]

/** Names of the environment's variables that the sources read or set. */
export const variablesIn = (sources: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set(
    [...sources.values()].flatMap((text) =>
      accesses.flatMap((access) => [...text.matchAll(access)].map(([, name = '']) => name)),
    ),
  )

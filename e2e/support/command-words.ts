import { parseSync } from '@swc/core'

/** Is told of a command and of the words after its name. */
type Use = (command: string, words: readonly string[]) => void

/**
 * Finds the command lines in a test's source: `db(['upgrade', '--plan'])`, `db('upgrade', '--plan')`, a shell's
 * `pnpm db upgrade --plan`, and calls of a helper of that file that begins one: `explain('--save', 'plans.json')`.
 * What is computed is left out.
 * @param names of all commands; those of a family have two words
 */
export function findCommandWords(source: string, names: ReadonlySet<string>, use: Use): void {
  const nodes = [...nodesIn(parseSync(source, { syntax: 'typescript', target: 'es2024' }))]
  const helpers = new Map(nodes.flatMap((node) => helperIn(node, names)))
  for (const node of nodes) {
    for (const words of commandLinesIn(node)) {
      const found = commandIn(words, names)
      if (found) use(found.name, found.rest)
    }
    const helped = helpers.get(calleeOf(node) ?? '')
    if (helped !== undefined) use(helped, wordsIn(node))
  }
}

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** All nodes at and below a value, but for what is below one that `stop` says. */
function* nodesIn(value: unknown, stop: (node: Node) => boolean = () => false): Generator<Node> {
  if (typeof value !== 'object' || value === null) return
  if (isNode(value)) {
    yield value
    if (stop(value)) return
  }
  for (const inner of Object.values(value)) yield* nodesIn(inner, stop)
}

const lists: ReadonlySet<string> = new Set(['CallExpression', 'ArrayExpression'])
const ownLines = new Set(['CallExpression', 'ArrowFunctionExpression', 'FunctionExpression'])

function commandLinesIn(node: Node): readonly (readonly string[])[] {
  if (lists.has(node.type)) return [wordsIn(node)]
  const typed = [...(textOf(node) ?? '').matchAll(/(?:^|[\s(])(?:pnpm (?:-s )?db[ :]|db )([^\n&|;)]*)/g)]
  return typed.map(([, line = '']) => line.split(/\s+/))
}

/** The texts in a list, in their order, without those of the calls in it. */
const wordsIn = ({ arguments: args, elements }: Node): readonly string[] =>
  [...nodesIn(args ?? elements, ({ type }) => ownLines.has(type))].flatMap((node) => textOf(node) ?? [])

function textOf({ type, value, quasis }: Node): string | undefined {
  if (type === 'StringLiteral' && typeof value === 'string') return value
  if (type !== 'TemplateLiteral' || !Array.isArray(quasis)) return undefined
  return quasis.map((quasi: Node) => quasi.cooked).join('…')
}

function commandIn(words: readonly string[], names: ReadonlySet<string>) {
  for (const [index, word] of words.entries()) {
    const pair = `${word} ${words[index + 1]}`
    if (names.has(pair)) return { name: pair, rest: words.slice(index + 2) }
    if (names.has(word)) return { name: word, rest: words.slice(index + 1) }
  }
  return undefined
}

function calleeOf({ type, callee }: Node): string | undefined {
  if (type !== 'CallExpression' || !isNode(callee) || callee.type !== 'Identifier') return undefined
  return typeof callee.value === 'string' ? callee.value : undefined
}

/** A function that takes words for one command: its name, and the command's. */
function helperIn(node: Node, names: ReadonlySet<string>): readonly (readonly [string, string])[] {
  const { type, id, identifier, init, body } = node
  const name = type === 'FunctionDeclaration' ? identifier : id
  const made = type === 'FunctionDeclaration' ? body : init
  if (!['FunctionDeclaration', 'VariableDeclarator'].includes(type) || !isNode(name) || !isNode(made))
    return []
  if (type === 'VariableDeclarator' && made.type !== 'ArrowFunctionExpression') return []
  const begun = [...nodesIn(made)].flatMap((inner) =>
    lists.has(inner.type) ? (commandIn(wordsIn(inner), names)?.name ?? []) : [],
  )
  const [command, ...others] = new Set(begun)
  return command !== undefined && others.length === 0 && typeof name.value === 'string'
    ? [[name.value, command]]
    : []
}

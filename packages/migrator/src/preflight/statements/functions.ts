import { partsOf } from './names.ts'

/** Names of the functions that are called anywhere in a part of a statement, without their schemas. */
export function functionsIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(functionsIn)
  if (typeof node !== 'object' || node === null) return []
  const own = 'FuncCall' in node ? calledBy(node.FuncCall) : []
  return [...own, ...Object.values(node).flatMap(functionsIn)]
}

function calledBy(call: unknown): readonly string[] {
  const names: unknown = typeof call === 'object' && call !== null ? Reflect.get(call, 'funcname') : undefined
  const last: unknown = Array.isArray(names) ? names.at(-1) : undefined
  return isString(last) ? partsOf(last) : []
}

const isString = (node: unknown): node is { String: { sval?: string } } =>
  typeof node === 'object' && node !== null && 'String' in node

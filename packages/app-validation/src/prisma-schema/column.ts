import type { Datamodel, Field } from '@prisma/dmmf'
import { readDefault } from './default.ts'
import type { Member } from './scan.ts'
import type { Column } from './schema.ts'
import { scalarType } from './type.ts'

export function readColumn(field: Field, member: Member, { enums }: Datamodel): Column {
  const enumType = field.kind === 'enum' ? enums.find(({ name }) => name === field.type) : undefined
  const label = (scalar: string) => enumType?.values.find(({ name }) => name === scalar)?.dbName ?? scalar
  return {
    field: field.name,
    name: field.dbName ?? field.name,
    type: enumType ? (enumType.dbName ?? enumType.name) : scalarType(field.type, field.nativeType ?? null),
    isList: field.isList,
    isRequired: field.isRequired,
    ...readDefault(field.default, field.isUpdatedAt ?? false, label),
    documentation: documentationOf(member),
    position: member.position,
  }
}

/**
 * A column of a type that Prisma has no name for, `Unsupported("tsvector")`: its parser leaves it out of the
 * data model, so it is read from the line itself.
 * @returns undefined for every other member
 */
export function readUnsupportedColumn(member: Member): Column | undefined {
  const declaration = /^(\w+)\s+Unsupported\("((?:[^"\\]|\\.)*)"\)(\?|\[\])?/.exec(member.code)
  if (declaration?.[1] === undefined || declaration[2] === undefined) return undefined
  const [, field, type, arity] = declaration
  return {
    field,
    name: argumentOf(member, /@map\("((?:[^"\\]|\\.)*)"\)/) ?? field,
    type: unquote(type),
    isList: arity === '[]',
    isRequired: arity !== '?',
    default: argumentOf(member, /@default\(dbgenerated\("((?:[^"\\]|\\.)*)"\)\)/) ?? null,
    clientDefault: null,
    documentation: documentationOf(member),
    position: member.position,
  }
}

const documentationOf = ({ comments }: Member) => comments.filter(({ isDocumentation }) => isDocumentation)

function argumentOf({ code }: Member, pattern: RegExp): string | undefined {
  const text = pattern.exec(code)?.[1]
  return text === undefined ? undefined : unquote(text)
}

const unquote = (text: string): string => text.replace(/\\(.)/g, '$1')

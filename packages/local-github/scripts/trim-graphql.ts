// Cuts GitHub's own GraphQL schema (1.2 MB) down to what the server answers.
// Usage: node packages/local-github/scripts/trim-graphql.ts
import { writeFileSync } from 'node:fs'
import { schema } from '@octokit/graphql-schema'
import { parse, print, visit } from 'graphql'
import { SERVED } from '../src/graphql/served.ts'

const TARGET = new URL('../src/graphql/schema.graphql', import.meta.url)

interface Named {
  readonly name?: { readonly value: string } | undefined
}

const nameOf = ({ name }: Named) => name?.value ?? ''
const isServed = (node: Named) => nameOf(node) in SERVED

function trim<T extends Named & { readonly interfaces?: readonly Named[]; readonly fields?: readonly Named[] }>(
  type: T,
) {
  const fields = type.fields?.filter((field) => SERVED[nameOf(type)]!.includes(nameOf(field)))
  return { ...type, interfaces: type.interfaces?.filter(isServed), fields }
}

const { definitions } = parse(schema.idl)
const kept = definitions.filter(isServed).map((type) => ('fields' in type ? trim(type as never) : type))
const missing = Object.keys(SERVED).filter((name) => kept.every((type) => nameOf(type) !== name))
if (missing.length > 0) throw new Error(`GitHub's schema has no ${missing.join(', ')}`)
const bare = visit({ kind: 'Document', definitions: kept } as ReturnType<typeof parse>, {
  enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
  Directive: () => null,
})
writeFileSync(TARGET, `${print(bare)}\n`)
console.log(`${kept.length} types`)

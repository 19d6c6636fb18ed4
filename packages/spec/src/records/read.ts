import { z } from 'zod'
import { canonicalJson } from '../canonical.ts'
import { UserError } from '../user-error.ts'
import { Subject } from './parts.ts'
import { type Kind, PREDICATES, type Predicate } from './predicates.ts'
import { parsePredicateType, predicateType, type Statement, VERSIONS } from './statement.ts'

/** Steps from one version of a predicate to the next, oldest first: `migrations.gate[0]` reads v1 as v2. */
const migrations: Partial<Record<Kind, Array<(old: never) => unknown>>> = {}

const Envelope = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(Subject),
  predicateType: z.string(),
  predicate: z.record(z.string(), z.unknown()),
})

/**
 * Reads a record of a kind, of this version or an older one. Throws a `UserError` that says what is wrong:
 * not a record, another kind, too new for this release, or broken.
 */
export function readRecord<K extends Kind>(text: string, kind: K, name: string = `the ${kind} record`): Statement<K> {
  const envelope = Envelope.safeParse(json(text, name))
  if (!envelope.success) throw new UserError(`${name} is not a record of Modelyard: it is no in-toto statement.`)
  const { predicateType: type, predicate, subject, _type } = envelope.data
  const known = parsePredicateType(type)
  if (!known || known.kind !== kind)
    throw new UserError(`${name} is of the type ${JSON.stringify(type)}; ${predicateType(kind)} was expected.`)
  if (known.version > VERSIONS[kind]) {
    throw new UserError(
      `${name} is of version ${known.version}; this release of Modelyard reads up to ${VERSIONS[kind]}. Update Modelyard.`,
    )
  }
  const steps = migrations[kind]?.slice(known.version - 1) ?? []
  const current = steps.reduce<unknown>((old, step) => step(old as never), predicate)
  const parsed = PREDICATES[kind].safeParse(current)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new UserError(`${name} is broken: ${issue.path.join('.') || 'predicate'}: ${issue.message}.`)
  }
  return { _type, subject, predicateType: predicateType(kind), predicate: parsed.data as Predicate<K> }
}

/** JSON that has a canonical form: a lone surrogate, say, has none, and could never be digested. */
function json(text: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    canonicalJson(value)
    return value
  } catch (cause) {
    throw new UserError(`${name} is not JSON (${(cause as Error).message}).`, { cause })
  }
}

/** The published JSON Schema of a kind of record. */
export function recordJsonSchema(kind: Kind): object {
  return {
    $id: `https://raw.githubusercontent.com/modelyard/modelyard/v1/packages/spec/schema/record-${kind}-v${VERSIONS[kind]}.json`,
    title: `Modelyard ${kind} record`,
    ...z.toJSONSchema(Envelope.extend({ predicateType: z.literal(predicateType(kind)), predicate: PREDICATES[kind] })),
  }
}

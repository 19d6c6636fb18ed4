import { canonicalJson, sha256 } from '../canonical.ts'
import type { Subject } from './parts.ts'
import { type Kind, PREDICATES, type Predicate } from './predicates.ts'

const STATEMENT = 'https://in-toto.io/Statement/v1'
const BASE = 'https://modelyard.dev/record'

/** The version of each kind that this release writes. Readers take these and all before. */
export const VERSIONS: Record<Kind, number> = {
  plan: 1,
  validation: 1,
  training: 1,
  gate: 1,
  registration: 1,
  deployment: 1,
  report: 1,
  fetch: 1,
  failure: 1,
  rollback: 1,
  drift: 1,
  retrain: 1,
}

/** A record: an in-toto statement whose predicate says what a step was given, found and decided. */
export interface Statement<K extends Kind = Kind> {
  _type: typeof STATEMENT
  subject: Subject[]
  predicateType: string
  predicate: Predicate<K>
}

/** `https://modelyard.dev/record/gate/v1`. */
export function predicateType(kind: Kind, version: number = VERSIONS[kind]): string {
  return `${BASE}/${kind}/v${version}`
}

/** Kind and version in a predicate type; undefined where it is not one of ours. */
export function parsePredicateType(type: string): { kind: Kind; version: number } | undefined {
  const match = /^https:\/\/modelyard\.dev\/record\/([a-z]+)\/v(\d+)$/.exec(type)
  if (!match || !Object.hasOwn(PREDICATES, match[1]!)) return undefined
  return { kind: match[1] as Kind, version: Number(match[2]) }
}

/** Makes a record. Throws where the predicate breaks its own schema: that is a bug of ours. */
export function statement<K extends Kind>(kind: K, subject: Subject[], predicate: Predicate<K>): Statement<K> {
  return {
    _type: STATEMENT,
    subject,
    predicateType: predicateType(kind),
    predicate: PREDICATES[kind].parse(predicate) as Predicate<K>,
  }
}

/** The record as it is written: canonical JSON and a newline. */
export function writeRecord(record: Statement): string {
  return `${canonicalJson(record)}\n`
}

/**
 * The digest of what a record says: SHA-256 of its canonical JSON without `predicate.run`,
 * so that the same facts have the same digest whenever and wherever they were found.
 */
export function recordDigest(record: Statement): string {
  const { run: _, ...said } = record.predicate
  return sha256(canonicalJson({ ...record, predicate: said }))
}

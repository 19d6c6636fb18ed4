import { mergeParts } from '@modelyard/contract'
import { mergeProfiles } from '@modelyard/data'
import { sayData } from '@modelyard/report'
import {
  canonicalJson,
  type Engine,
  gravest,
  type Model,
  type Predicate,
  type Subject,
  sha256,
  UserError,
} from '@modelyard/spec'
import { PROFILE } from '../records.ts'
import { contractAsked, type Look } from './look.ts'

export type Check = Predicate<'validation'>['checks'][number]

/** What a validation record says, but for what is a fact about the run that makes it. */
export interface Checked {
  subject: Subject[]
  said: Omit<Predicate<'validation'>, 'model' | 'source' | 'engine' | 'run'> & { engine: Omit<Engine, 'modelyard'> }
  /** The training data's profile, as it is written. */
  profile?: string
  /** Why there is none. */
  unprofiled?: string
}

/**
 * What the looks at all shards come to, given in the order of the shards: the same whether one job looked at all of the
 * data or many at a part each. Throws a `UserError` where they are not of one dataset, or one is missing. `now` is when
 * the run began: from then on, the age of data is told.
 */
export async function conclude(model: Model, looks: readonly Look[], now: Date): Promise<Checked> {
  const first = looks[0]!
  requireSame(model, looks)
  const { datasets, served, contract, engine, evidence, unprofiled } = first
  const checks = [...(await contractChecks(model, looks, now)), ...splitChecks(looks)]
  const profile = profileText(looks)
  return {
    subject: [...datasets, ...(served ? [served] : [])].flatMap(({ files }) =>
      files.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    ),
    said: {
      verdict: gravest(checks.map((check) => check.verdict)),
      reasons: reasons(checks, contract),
      // What is found does not depend on threads: those of the first shard stand for all.
      engine,
      contract,
      datasets,
      ...(served && { served }),
      checks,
      ...(evidence && evidence.length > 0 && { evidence }),
      ...(profile !== undefined && {
        profile: { name: PROFILE, sha256: sha256(profile), bytes: Buffer.byteLength(profile) },
      }),
    },
    ...(profile !== undefined && { profile }),
    ...(unprofiled !== undefined && { unprofiled }),
  }
}

/** What must be the same in all shards of the same data, with the words for it. */
const SHARED: ReadonlyArray<[words: string, of: (look: Look) => unknown]> = [
  ['data', ({ datasets, served }) => [datasets, served ?? null]],
  ['contract', ({ contract }) => contract],
  ['DuckDB', ({ engine }) => engine.duckdb],
  ['rows to profile', ({ unprofiled }) => unprofiled ?? null],
  ['checks', ({ split }) => split.map(({ name }) => name)],
]

function requireSame({ name }: Model, looks: readonly Look[]): void {
  for (const [words, of] of SHARED) {
    const [first, ...others] = looks.map((look) => canonicalJson(of(look)))
    const other = others.findIndex((each) => each !== first)
    if (other < 0) continue
    throw new UserError(
      `Part ${other + 2} of ${looks.length} of ${name} is of other ${words} than part 1. Make the same data in every job of the matrix, and run all of them again.`,
    )
  }
}

async function contractChecks(model: Model, looks: readonly Look[], now: Date): Promise<Check[]> {
  const contract = await contractAsked(model, { now })
  if (!contract) return []
  const parts = looks.flatMap((look) => look.parts)
  return (['train', 'holdout'] as const).flatMap((role) =>
    mergeParts(
      contract,
      parts.filter(({ dataset }) => dataset === role),
    ),
  )
}

function splitChecks(looks: readonly Look[]): Check[] {
  return looks[0]!.split.flatMap(({ name }, index) => {
    const found = looks.flatMap(({ split }) => split[index]!.checks ?? [])
    const turns = looks.filter(({ split }) => split[index]!.checks !== null).length
    if (turns === 1) return found
    throw new UserError(
      `${turns === 0 ? 'No part says' : 'Several parts say'} what was found on "${name}". Run all jobs of the matrix again.`,
    )
  })
}

function profileText(looks: readonly Look[]): string | undefined {
  const profiles = looks.flatMap(({ profile }) => profile ?? [])
  return profiles.length === 0 ? undefined : `${canonicalJson(mergeProfiles(profiles))}\n`
}

function reasons(checks: readonly Check[], contract: Look['contract']): string[] {
  const broken = checks.filter(({ verdict }) => verdict !== 'pass')
  const said = broken.map(sayData)
  if (contract === null)
    said.push('There is no contract (data.contract): only the split into train and holdout was checked.')
  return broken.length === 0 ? [`All ${checks.length} checks of the data pass.`, ...said] : said
}

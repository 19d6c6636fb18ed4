import { canonicalJson, NAME, type Problem, parseJson, Run, Source, sha256, UserError } from '@modelyard/spec'
import { z } from 'zod'
import { Look } from './look.ts'

const SCHEMA = 'https://modelyard.dev/validation-part/v1'

/** Another release may count in another way, so its parts are not merged with this one's. */
const Part = z.strictObject({
  schema: z.literal(SCHEMA),
  modelyard: z.string(),
  model: z.string().regex(NAME),
  /** SHA-256 of the model file. */
  model_file: z.string(),
  source: Source,
  run: Run.pick({ started: true, id: true, attempt: true }),
  shard: z.strictObject({ index: z.int().positive(), of: z.int().positive() }),
  found: z.union([
    Look,
    z.strictObject({
      problems: z.array(
        z
          .strictObject({
            message: z.string(),
            place: z
              .strictObject({ file: z.string(), line: z.int(), column: z.int() })
              .partial({ line: true, column: true }),
          })
          .partial({ place: true }),
      ),
    }),
  ]),
})

/** What one job of a matrix leaves of one model for the job that merges: what it found, or why it could not look. */
export type Part = z.infer<typeof Part>

/** A part as it is kept: with the digest of what it says, so that a damaged one is known. */
const Kept = z.strictObject({ part: z.unknown(), sha256: z.string() })

/** What a part is called in sentences: `Part 2 of 4 of flight-delay`. */
export function nameOf({ model, shard: { index, of } }: Pick<Part, 'model' | 'shard'>): string {
  return `Part ${index} of ${of} of ${model}`
}

/** A part as text: canonical JSON and a newline. */
export function writePart(said: Omit<Part, 'schema'>): string {
  const part: Part = { schema: SCHEMA, ...said }
  return `${canonicalJson({ part, sha256: sha256(canonicalJson(part)) })}\n`
}

/** Reads the part of a model's shard. Throws a `UserError` for what is damaged, or another part. */
export function readPart(text: string, asked: Pick<Part, 'model' | 'shard'>): Part {
  const mend = 'Run the job of that shard again.'
  const kept = Kept.safeParse(parseJson(text))
  if (!kept.success || digestOf(kept.data.part) !== kept.data.sha256)
    throw new UserError(`${nameOf(asked)} is damaged: it does not have the digest that was written with it. ${mend}`)
  const parsed = Part.safeParse(kept.data.part)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new UserError(
      `${nameOf(asked)} is none that this release of Modelyard reads (${issue!.path.join('.')}: ${issue!.message}). Let all jobs of the matrix and the merge use one release.`,
    )
  }
  if (nameOf(parsed.data) !== nameOf(asked))
    throw new UserError(
      `What was published as part ${asked.shard.index} of ${asked.shard.of} of ${asked.model} is part ${parsed.data.shard.index} of ${parsed.data.shard.of} of ${parsed.data.model}. ${mend}`,
    )
  return parsed.data
}

/** Undefined for what has no canonical form. */
function digestOf(part: unknown): string | undefined {
  try {
    return sha256(canonicalJson(part))
  } catch {
    return undefined
  }
}

/** What the job that merges has itself: parts of anything else do not count. */
export interface Here {
  modelyard: string
  runId: string | undefined
  tree: string | null
  modelFile: string
  contract: Look['contract']
}

/** What was found in all shards, in their order, from which source, and when the first of them began. */
export interface Looks {
  looks: Look[]
  source: Source
  started: Date
}

/**
 * What the parts of all shards hold. Throws a `UserError` with the problems of those that could not look, or for a part of
 * something else than is here.
 */
export function requireLooks(parts: readonly Part[], here: Here): Looks {
  const first = parts[0]!
  const looks = parts.flatMap(({ found }) => ('problems' in found ? [] : [found]))
  if (looks.length < parts.length) throw new UserError(problemsOf(parts))
  for (const [index, part] of parts.entries()) {
    const reason = whyForeign({ ...part, contract: looks[index]!.contract }, here)
    if (reason !== undefined) throw new UserError(`${nameOf(part)} ${reason}.`)
    if (part.source.dirty !== first.source.dirty)
      throw new UserError(
        `${nameOf(part)} was made where ${part.source.dirty ? 'a tracked file was' : 'no tracked file was'} changed, other than part 1. Make the data in the same way in every job.`,
      )
  }
  const started = parts.map(({ run }) => Date.parse(run.started))
  return { looks, source: first.source, started: new Date(Math.min(...started)) }
}

/** All that went wrong, once, however many parts say it. */
function problemsOf(parts: readonly Part[]): Problem[] {
  const all = parts.flatMap(({ found }) => ('problems' in found ? found.problems : [])) as Problem[]
  return [...new Map(all.map((problem) => [canonicalJson(problem), problem])).values()]
}

function whyForeign(part: Part & { contract: Look['contract'] }, here: Here): string | undefined {
  const { run, modelyard, source, model_file: modelFile, contract } = part
  if (run.id !== here.runId) return 'is of another run. Run its job again'
  if (modelyard !== here.modelyard)
    return `was made by Modelyard ${modelyard}, and this is ${here.modelyard}. Use one release in all jobs`
  if (source.tree !== here.tree)
    return `was made from the git tree ${short(source.tree)}, and ${short(here.tree)} is checked out here. Run all jobs on one commit`
  if (modelFile !== here.modelFile) return 'was made with another model file than lies here. Run its job again'
  if (canonicalJson(contract) !== canonicalJson(here.contract))
    return 'was checked against another contract than lies here. Run its job again'
  return undefined
}

function short(tree: string | null): string {
  return tree === null ? 'of no commit' : tree.slice(0, 12)
}

/**
 * The grammar of model and stage names, GTO's byte for byte: letters, digits, `-`, `_` and `/`,
 * beginning and ending with a letter or a digit.
 */
export const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-/_]*[a-zA-Z0-9])?$/

/** A name becomes that of folders, artifacts and refs, and stands in the first line of a report. */
export const LONGEST_NAME = 100

/** Whether a text may be a model's name. */
export function isName(text: string): boolean {
  return text.length <= LONGEST_NAME && NAME.test(text)
}

/** What is no stage of a model file: as a stage of the registry, it holds the versions that are in quarantine. */
export const QUARANTINE = 'quarantine'

/**
 * A model's name where `/` and `:` are not allowed: artifact names, file names, refs. One to one: no name holds a dot,
 * and those of a folder before it (`sub.dir:name`, as GTO knows them) are written otherwise.
 */
export function flatName(name: string): string {
  return name.replaceAll('.', '%2E').replaceAll('/', '.').replace(':', '=')
}

/** Takes `flatName` back. */
export function unflatName(flat: string): string {
  return flat.replace('=', ':').replaceAll('.', '/').replaceAll('%2E', '.')
}

/** The workflow artifact in which a step's record, and the bytes that it speaks of, travel between jobs. */
export function artifactName(model: string, kind: string): string {
  return `modelyard-${kind}-${flatName(model)}`
}

/** Takes `artifactName` apart; undefined where it is not one of ours, or what it speaks of has no name of a model. */
export function parseArtifactName(name: string): { kind: string; model: string } | undefined {
  const [, kind, flat] = /^modelyard-([a-z]+)-([\w.-]+)$/.exec(name) ?? []
  if (kind === undefined || flat === undefined) return undefined
  const model = unflatName(flat)
  return isName(model) ? { kind, model } : undefined
}

/** The workflow artifact of what one job of a matrix found in its shard of a model's data. No record is called so. */
export function partName(model: string, { index, of }: { index: number; of: number }): string {
  return `modelyard-part${index}of${of}-${flatName(model)}`
}

/** Takes `partName` apart; undefined where it is none. */
export function parsePartName(name: string): { model: string; index: number; of: number } | undefined {
  const [, index, of, flat] = /^modelyard-part(\d{1,4})of(\d{1,4})-([\w.-]+)$/.exec(name) ?? []
  if (flat === undefined) return undefined
  const model = unflatName(flat)
  return isName(model) ? { model, index: Number(index), of: Number(of) } : undefined
}

/** Where a model's records lie on the machine that made them, relative to the repository's root. */
export function recordsFolder(model: string): string {
  return `.modelyard/${flatName(model)}`
}

/** The branch of a model's one retrain pull request. */
export function retrainBranch(model: string): string {
  return `modelyard/retrain/${flatName(model)}`
}

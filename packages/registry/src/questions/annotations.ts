import { posix } from 'node:path'
import { UserError } from '@modelyard/spec'
import { parse } from 'yaml'
import { z } from 'zod'

/** What a repository's own files say of a model, beside its tags. */
export interface Annotation {
  /** `model`, `dataset`, … */
  type: string | null
  /** Where the model lies, from the repository's root. */
  path: string | null
  description: string | null
  labels: string[]
  /** The file that says so. */
  file: string
}

const Text = z.string().nullish()
const Labels = z.array(z.string()).nullish()

/** An entry of GTO's `artifacts.yaml`: its `Artifact`, of which `virtual` and `custom` say nothing here. */
const Gto = z.looseObject({ type: Text, path: Text, description: Text, labels: Labels }).nullish()
/** An entry of DVC's `artifacts:`: `desc` is its description. */
const Dvc = z.looseObject({ type: Text, path: Text, desc: Text, labels: Labels }).nullish()

/**
 * Finds what `dvc.yaml` or else GTO's `artifacts.yaml` says of a model; null where neither names it. A model that is
 * called `folder:name` stands in the `dvc.yaml` of its folder. `read` gives a file's text at the commit that is asked
 * about, null where it is not there. Throws a `UserError` where the model's own entry cannot be understood.
 */
export async function findAnnotation(
  model: string,
  read: (path: string) => Promise<string | null>,
): Promise<Annotation | null> {
  const [folder, name] = model.includes(':') ? (model.split(':') as [string, string]) : ['', model]
  const dvc = posix.join(folder, 'dvc.yaml')
  const inDvc = entryOf(dvc, ['artifacts', name], Dvc, await read(dvc))
  if (inDvc)
    return annotation(dvc, { ...inDvc, description: inDvc.desc, path: inDvc.path && posix.join(folder, inDvc.path) })
  if (folder !== '') return null
  const inGto = entryOf('artifacts.yaml', [name], Gto, await read('artifacts.yaml'))
  return inGto ? annotation('artifacts.yaml', inGto) : null
}

interface Said {
  type?: string | null | undefined
  path?: string | null | undefined
  description?: string | null | undefined
  labels?: string[] | null | undefined
}

function annotation(file: string, { type, path, description, labels }: Said): Annotation {
  return { type: type ?? null, path: path || null, description: description || null, labels: labels ?? [], file }
}

/** One entry of a file, whatever else is wrong in it: other entries are for other models. */
function entryOf<T>(file: string, keys: string[], schema: z.ZodType<T>, text: string | null): T | undefined {
  let content: unknown
  try {
    content = parse(text ?? '')
  } catch (error) {
    throw new UserError(`${file} is no YAML (${(error as Error).message.split('\n')[0]}). Mend the file.`)
  }
  const parsed = schema.safeParse(keys.reduce(own, content))
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new UserError(`${file} is wrong at ${[...keys, ...path].join('.')}: ${message}. Mend the file.`)
}

/** A model may be called `constructor`. */
function own(content: unknown, key: string): unknown {
  return content instanceof Object && Object.hasOwn(content, key)
    ? (content as Record<string, unknown>)[key]
    : undefined
}

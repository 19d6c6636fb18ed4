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

/** GTO's `artifacts.yaml`: its `Artifact`, of which `virtual` and `custom` say nothing here. */
const Gto = z.record(
  z.string(),
  z.looseObject({ type: Text, path: Text, description: Text, labels: Labels }).nullable(),
)
/** DVC's `artifacts:` in a `dvc.yaml`: `desc` is its description. */
const Dvc = z.looseObject({
  artifacts: z
    .record(z.string(), z.looseObject({ type: Text, path: Text, desc: Text, labels: Labels }).nullable())
    .nullish(),
})

/**
 * Finds what `dvc.yaml` or else GTO's `artifacts.yaml` says of a model; null where neither names it. A model that is
 * called `folder:name` stands in the `dvc.yaml` of its folder. `read` gives a file's text at the commit that is asked
 * about, null where it is not there. Throws a `UserError` for a file that cannot be understood.
 */
export async function findAnnotation(
  model: string,
  read: (path: string) => Promise<string | null>,
): Promise<Annotation | null> {
  const [folder, name] = model.includes(':') ? (model.split(':') as [string, string]) : ['', model]
  const dvc = posix.join(folder, 'dvc.yaml')
  const inDvc = own(understand(dvc, Dvc, await read(dvc))?.artifacts, name)
  if (inDvc)
    return annotation(dvc, { ...inDvc, description: inDvc.desc, path: inDvc.path && posix.join(folder, inDvc.path) })
  if (folder !== '') return null
  const inGto = own(understand('artifacts.yaml', Gto, await read('artifacts.yaml')), name)
  return inGto ? annotation('artifacts.yaml', inGto) : null
}

/** A model may be called `constructor`. */
function own<T>(record: Record<string, T> | null | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined
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

function understand<T>(file: string, schema: z.ZodType<T>, text: string | null): T | null {
  if (text === null || text.trim() === '') return null
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    throw new UserError(`${file} is no YAML (${(error as Error).message.split('\n')[0]}). Mend the file.`)
  }
  if (content === null) return null
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new UserError(`${file} is wrong at ${issue.path.join('.') || 'its top'}: ${issue.message}. Mend the file.`)
}

import { resolve } from 'node:path'
import { type GitHub, GitHubError, loadText } from '@modelyard/github'
import { fetchVersion, findAnnotation, onGitHub, parseTag, readReference } from '@modelyard/registry'
import { type PastEvent, QUARANTINE, type Reference, type Statement, UserError } from '@modelyard/spec'
import { needGitHub, type StepContext } from './context.ts'
import { makeFolder } from './make-folder.ts'
import { beginRecord, saveRecord } from './records.ts'

export interface FetchRequest {
  /** The name of the model; that of the tag that started the run unless it is said. */
  model?: string | undefined
  /** A version, a stage, `latest` or `sha256:<digest>`; what the tag put there unless a model is said, then `latest`. */
  version?: string | undefined
  folder: string
  /** `owner/name` of the registry: a fork has the tags of what it was made from, and not its releases. */
  repository?: string | undefined
}

/** A version's model on this machine, verified; the rest is what gto-action tells of a tag, in its words. */
export interface Fetched {
  /** Null where the tag that started the run puts nothing anywhere: then nothing is fetched. */
  record: Statement<'fetch'> | null
  /** Where the model is. */
  path: string | null
  model: string
  version: string | null
  event: PastEvent['kind']
  stage: string | null
  type: string | null
  description: string | null
}

/** Fetches a model by version, stage, `latest`, digest or tag, and verifies it before anybody uses it. */
export async function fetchModel(context: StepContext, request: FetchRequest): Promise<Fetched> {
  const clock = beginRecord(context)
  const github = of(needGitHub(context, `fetch ${request.model ?? 'a model'}`), request.repository)
  const reference = request.model === undefined ? await readTag(context, github) : null
  if (reference && !putsSomewhere(reference)) {
    const { model, version, kind: event, stage, type, description } = reference
    return { record: null, path: null, model, version, event, stage, type, description }
  }
  const model = reference?.model ?? request.model!
  const wanted = request.version ?? reference?.version ?? 'latest'
  const folder = resolve(context.root, request.folder)
  await makeFolder(folder, request.folder)
  const { version, path, sha256, bytes, name, file, cautions } = await fetchVersion(github, {
    ...{ model, version: wanted, folder },
    cache: context.cache,
  })
  for (const message of cautions) context.log.warn({ message })
  const record = await clock.finish('fetch', [{ name, digest: { sha256 } }], {
    model,
    verdict: cautions.length === 0 ? 'pass' : 'warn',
    reasons: [`${model} ${version} is at ${path}; its digest is the one that the registry holds.`, ...cautions],
    version,
    file: { name, sha256, bytes },
  })
  await saveRecord(context, 'fetch', model, record)
  const read = (each: string) => loadText(github, file.source.commit, each)
  const said = reference ?? (await findAnnotation(model, read).catch(warnUnreadable(context)))
  const stage = reference ? reference.stage : stageIn(wanted, version)
  return {
    ...{ record, path, model, version, stage },
    event: stage === null ? 'registration' : 'assignment',
    type: said?.type ?? 'model',
    description: said?.description ?? file.description,
  }
}

/** What the tag announced that started the run. */
async function readTag(context: StepContext, github: GitHub): Promise<Reference> {
  const { run } = context
  if (run.tag !== undefined && parseTag(run.tag))
    return readReference(onGitHub(github), run.tag, warnUnreadable(context))
  throw new UserError(
    `The input "name" is empty, and ${run.tag === undefined ? 'no tag started this run' : `the tag ${run.tag} is none of a registry`}: say under with: which model is meant.`,
  )
}

/** What the repository's files say is told where it can be; the model is fetched all the same. */
function warnUnreadable({ log }: StepContext): (error: unknown) => null {
  return (error) => {
    if (!(error instanceof UserError) && !(error instanceof GitHubError)) throw error
    log.warn({ message: error.message })
    return null
  }
}

function putsSomewhere({ kind, stage }: Reference): boolean {
  return kind === 'registration' || (kind === 'assignment' && stage !== QUARANTINE)
}

/** What was asked for is a stage where it is neither the version that was found nor another name of it. */
function stageIn(wanted: string, version: string): string | null {
  return wanted === version || wanted === 'latest' || wanted.startsWith('sha256:') ? null : wanted
}

/** The same connection to another repository. */
function of(github: GitHub, repository: string | undefined): GitHub {
  if (repository === undefined) return github
  const [owner, repo, ...rest] = repository.split('/')
  if (owner && repo && rest.length === 0) return { ...github, owner, repo }
  throw new UserError(`The input "repository" is ${JSON.stringify(repository)}; it must be owner/name.`)
}

import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatBytes } from '@modelyard/report'
import type { Brought, Progress } from '@modelyard/sources'
import { canonicalJson, type Model, makeOwnFolder, parseJson, sha256 } from '@modelyard/spec'
import { needGitHub, type StepContext } from './context.ts'

/** What is fetched, and notes of what has been: no model's name begins so. */
const FOLDER = '.modelyard/_fetched'

/** How often the log says how far a file is. */
const EVERY_MS = 10_000

/** Fetches what `data.fetch` names, and notes that it is there. */
export async function fetchData(context: StepContext, model: Model): Promise<void> {
  const { fetch } = model.data
  if (fetch.length === 0) return
  const { fetchFiles } = await import('@modelyard/sources')
  const { root, log, run, cache } = context
  const scratch = await makeOwnFolder(root, FOLDER)
  // From here on until all is there, what an earlier fetch noted may not be true.
  await rm(join(root, noteOf(model)), { force: true })
  const brought = await log.group(`Fetch the data of ${model.name}`, async () => {
    const files = await fetchFiles(fetch, {
      ...{ root, folder: model.folder, scratch, env: process.env },
      cache: cache && { ...cache, warn: (message) => log.warn({ message }) },
      connect: () => needGitHub(context, 'fetch data of this repository'),
      run: run.id === undefined ? undefined : Number(run.id),
      tell: tellNowAndThen(log.info),
    })
    for (const file of files) log.info(say(file))
    return files
  })
  const note = brought.map(({ to, bytes }) => ({ to, bytes }))
  await writeFile(join(root, noteOf(model)), canonicalJson(note))
}

/** Whether an earlier step of this job fetched what `data.fetch` names, and all of it is still there. */
export async function isFetched({ root }: StepContext, model: Model): Promise<boolean> {
  if (model.data.fetch.length === 0) return true
  const note = await readFile(join(root, noteOf(model)), 'utf8').catch(() => undefined)
  if (note === undefined) return false
  const files = parseJson(note) as Array<Pick<Brought, 'to' | 'bytes'>>
  const sizes = await Promise.all(files.map(({ to }) => stat(join(model.folder, to)).catch(() => undefined)))
  return files.every(({ bytes }, index) => sizes[index]?.size === bytes)
}

/** One for each model and list of what it fetches: a changed model file has fetched nothing yet. */
function noteOf({ file, data }: Model): string {
  return `${FOLDER}/${sha256(canonicalJson({ file, fetch: data.fetch })).slice(0, 16)}.json`
}

/** Bytes that nobody pinned may be others tomorrow: the log of today says which they were. */
function say({ from, to, bytes, sha256, fetched, pinned }: Brought): string {
  const how = fetched ? `${to}: ${formatBytes(bytes)}, fetched from ${from}` : `${to}: ${formatBytes(bytes)}, at hand`
  return pinned ? `${how}.` : `${how}. It is not pinned; its sha256 is ${sha256}.`
}

function tellNowAndThen(info: (line: string) => void): (progress: Progress) => void {
  let next = Date.now() + EVERY_MS
  return ({ from, to, bytes, of }) => {
    if (Date.now() < next) return
    next = Date.now() + EVERY_MS
    info(`${to}: ${formatBytes(bytes)}${of === undefined ? '' : ` of ${formatBytes(of)}`} from ${from}`)
  }
}

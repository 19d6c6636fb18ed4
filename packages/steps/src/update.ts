import { lstat, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TreeChange } from '@modelyard/github'
import { fileDigest, type Model, parseJson, UserError } from '@modelyard/spec'
import { runCommand } from '@modelyard/training'
import { z } from 'zod'
import type { StepContext } from './context.ts'
import { CHANGES, openRecords } from './records.ts'
import { git } from './source.ts'

/** No reviewer reads more. */
const MOST_FILES = 100
const MOST_BYTES = 1 << 20

/** A path below the repository's root, not inside git's folder nor among the workflow files. */
const path = z
  .string()
  .min(1)
  .refine(
    (text) => !text.startsWith('/') && !text.split('/').some((part) => part === '' || part === '..' || part === '.'),
  )
  .refine((text) => !/^\.git(?:\/|$)/i.test(text) && !/^\.github\/workflows(?:\/|$)/i.test(text))

const Changes = z
  .array(z.strictObject({ path, content: z.string().max(MOST_BYTES).nullable(), executable: z.boolean() }))
  .max(MOST_FILES)

/**
 * Runs `drift.update` and keeps beside the records what it changed in the repository: the content of the retrain pull
 * request. What git ignores is left out, and what was changed before. Throws a `UserError` for what cannot become one.
 */
export async function runUpdate(context: StepContext, model: Model, command: string): Promise<void> {
  const before = await readChanged(context.root)
  await context.log.group(`Move the data of ${model.name} on: ${command}`, () =>
    runCommand({ command, purpose: `drift.update in ${model.file}`, folder: model.folder, onLine: context.log.info }),
  )
  const after = await readChanged(context.root)
  const names = [...after].filter(([name, digest]) => before.get(name) !== digest).map(([name]) => name)
  const changes = parseChanges(model.name, await Promise.all(names.map((name) => readChange(context.root, name))))
  context.log.info(`It changed ${names.length === 0 ? 'nothing' : names.join(', ')}.`)
  await writeFile(join(await openRecords(context, model.name), CHANGES), JSON.stringify(changes))
}

/** Reads what the job before kept; nothing where it kept nothing. Throws a `UserError` for what may not be committed. */
export async function loadChanges(context: StepContext, model: string): Promise<TreeChange[]> {
  const path = join(await openRecords(context, model), CHANGES)
  const found = await stat(path).catch(() => undefined)
  if (!found) return []
  if (found.size > MOST_FILES * MOST_BYTES) return parseChanges(model, undefined)
  return parseChanges(model, parseJson(await readFile(path, 'utf8')))
}

function parseChanges(model: string, found: unknown): TreeChange[] {
  const changes = Changes.safeParse(found)
  if (changes.success) return changes.data
  const place = changes.error.issues[0]!
  throw new UserError(
    `What drift.update of ${model} changed cannot become a pull request (${[...place.path, place.message].join(': ')}): it may change up to ${MOST_FILES} text files of the repository of up to 1 MiB, no workflows among them.`,
  )
}

/** What differs from the commit that is checked out, by name, with a digest of what it is now; null for what is gone. */
async function readChanged(root: string): Promise<Map<string, string | null>> {
  const list = (text: string) => text.split('\0').filter((name) => name !== '')
  const changed = list(await git(root, 'diff', '--name-only', '--no-renames', '-z', 'HEAD'))
  const added = list(await git(root, 'ls-files', '--others', '--exclude-standard', '-z'))
  const names = [...new Set([...changed, ...added])].sort()
  const digest = async (name: string) => {
    const found = await lstat(join(root, name)).catch(() => undefined)
    if (!found) return null
    return found.isFile() ? `${(await fileDigest(join(root, name))).sha256} ${found.mode & 0o100}` : 'no file'
  }
  return new Map(await Promise.all(names.map(async (name) => [name, await digest(name)] as const)))
}

async function readChange(root: string, name: string): Promise<TreeChange> {
  const found = await lstat(join(root, name)).catch(() => undefined)
  if (!found) return { path: name, content: null, executable: false }
  const content = found.isFile() && found.size <= MOST_BYTES ? await readFile(join(root, name)) : undefined
  const text = content?.toString('utf8')
  if (content === undefined || !content.equals(Buffer.from(text!, 'utf8'))) {
    throw new UserError(
      `drift.update changed ${name}, which is not a text file of up to 1 MiB: let git ignore it, or change parameters instead.`,
    )
  }
  return { path: name, content: text!, executable: (found.mode & 0o100) !== 0 }
}

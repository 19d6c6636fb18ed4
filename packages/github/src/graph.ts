/**
 * Reads of one repository by GraphQL: those that are asked for in the same tick go as one query. They are the quick
 * twins of the reads by REST, which has the last word: what GraphQL refuses, cuts short or does not find, is asked
 * for there, so that nothing is taken for absent because one of the two hides it.
 */
import type { GitHub } from './connect.ts'
import { listFolder, type RefTarget, readFileAt, readRef, readTagObject, type TagObject, timeOf } from './git.ts'
import { ask, demand } from './graph-query.ts'
import type { Release } from './releases.ts'

/** Objects never change: what was read once is not asked for again. */
const objects = new WeakMap<GitHub, Map<string, Promise<unknown>>>()

const SHA = /^[0-9a-f]{40}$/

/**
 * Reads an annotated tag's object; throws a `GitHubError` where there is none. The same answer brings one file of its
 * commit, where a path is given: then `loadText` has it.
 */
export function loadTag(github: GitHub, sha: string, path?: string): Promise<TagObject> {
  return once(github, `tag ${sha}`, async () => {
    const file = path === undefined ? '' : ` ...on Commit{${fileAt(path)}}`
    const tag = await ask<GivenTag>(
      github,
      `object(oid:${quote(sha)}){...on Tag{name message tagger{name date} target{__typename oid${file}}}}`,
    )
    if (typeof tag?.message !== 'string' || !tag.tagger?.name || !tag.tagger.date) return readTagObject(github, sha)
    const { name, message, tagger, target } = tag
    const text = textOf(target)
    if (text !== undefined) await once(github, `text ${target.oid}:${path}`, async () => text)
    const time = timeOf(tagger.date!)
    return { sha, name, target: describeTarget(target), tagger: tagger.name!, time, message }
  })
}

/** Reads a file at a commit or ref as text; null where it is not there. */
export function loadText(github: GitHub, ref: string, path: string): Promise<string | null> {
  const read = async () => {
    const file = fileAt(path)
    const found = await ask<GivenCommit & { target?: GivenCommit }>(
      github,
      `object(expression:${quote(ref)}){...on Commit{${file}} ...on Tag{target{...on Commit{${file}}}}}`,
    )
    const text = textOf(found?.target ?? found)
    return text === undefined ? readFileAt(github, ref, path) : text
  }
  return SHA.test(ref) ? once(github, `text ${ref}:${path}`, read) : read()
}

/** The paths of all files below a folder of a commit; none where there is no such folder. */
export function loadFolder(github: GitHub, { commit, folder }: { commit: string; folder: string }): Promise<string[]> {
  return once(github, `folder ${commit}:${folder}`, async () => {
    const found = await ask<{ file?: { object: GivenTree | null } | null }>(
      github,
      `object(oid:${quote(commit)}){...on Commit{file(path:${quote(folder)}){${tree(FOLDERS_DEEP)}}}}`,
    )
    if (found?.file === null) return []
    return filesBelow(found?.file?.object, folder) ?? listFolder(github, { commit, folder })
  })
}

/**
 * Reads a ref (`refs/modelyard/m`) with one file of its commit, both of the same moment; null where there is no such
 * ref, `text` null where the commit has no such file.
 */
export async function loadRefFile(
  github: GitHub,
  ref: string,
  path: string,
): Promise<{ sha: string; text: string | null } | null> {
  const found = await ask<{ target: (GivenCommit & { oid: string }) | null }>(
    github,
    `ref(qualifiedName:${quote(ref)}){target{oid ...on Commit{${fileAt(path)}}}}`,
  )
  const text = textOf(found?.target)
  if (found?.target && text !== undefined) return { sha: found.target.oid, text }
  const sha = found?.target?.oid ?? (await readRef(github, ref))?.sha
  return sha === undefined ? null : { sha, text: await readFileAt(github, sha, path) }
}

/**
 * The release of a tag, a draft by the tag that it is to get among them; null where there is none. REST does not
 * find drafts by their tag, so what GraphQL refuses throws a `GitHubError` here.
 */
export async function loadRelease(github: GitHub, tag: string): Promise<Omit<Release, 'uploadUrl' | 'assets'> | null> {
  const found = await demand<GivenRelease>(
    github,
    `release(tagName:${quote(tag)}){databaseId tagName name description isDraft url}`,
  )
  if (typeof found?.databaseId !== 'number') return null
  const { databaseId: id, name, description, isDraft: draft, url } = found
  return { id, tag: found.tagName, name: name ?? '', body: description ?? '', draft, url }
}

interface GivenTag {
  name: string
  message: string | null
  tagger: { name: string | null; date: string | null } | null
  target: GivenCommit & { __typename: string; oid: string }
}

interface GivenCommit {
  file?: { object: { text?: string | null; isTruncated?: boolean } | null } | null
}

interface GivenTree {
  entries?: Array<{ name: string; type: string; object?: GivenTree | null }> | null
}

interface GivenRelease {
  databaseId: number | null
  tagName: string
  name: string | null
  description: string | null
  isDraft: boolean
  url: string
}

function fileAt(path: string): string {
  return `file(path:${quote(path)}){object{...on Blob{text isTruncated}}}`
}

/** GraphQL has no recursion: folders that are deeper are read by REST. */
const FOLDERS_DEEP = 3

function tree(deep: number): string {
  return `object{...on Tree{entries{name type ${deep > 1 ? tree(deep - 1) : ''}}}}`
}

/** The paths of a tree's files; undefined where a folder in it was not read. */
function filesBelow(folder: GivenTree | null | undefined, path: string): string[] | undefined {
  if (!folder?.entries) return undefined
  const found = folder.entries.map(({ name, type, object }) =>
    type === 'tree' ? filesBelow(object, `${path}/${name}`) : [`${path}/${name}`],
  )
  return found.every((files) => files !== undefined) ? found.flat() : undefined
}

/** The text of a commit's file, null where it has none; undefined where GraphQL did not say. */
function textOf(commit: GivenCommit | null | undefined): string | null | undefined {
  if (commit?.file === undefined) return undefined
  if (commit.file === null) return null
  const { text, isTruncated } = commit.file.object ?? {}
  return typeof text === 'string' && isTruncated === false ? text : undefined
}

function describeTarget({ __typename, oid }: GivenTag['target']): RefTarget {
  return { sha: oid, type: __typename.toLowerCase() as RefTarget['type'] }
}

/** A text as GraphQL writes it, which is as JSON does. */
function quote(text: string): string {
  return JSON.stringify(text)
}

async function once<T>(github: GitHub, key: string, read: () => Promise<T>): Promise<T> {
  const known = objects.get(github) ?? new Map<string, Promise<unknown>>()
  objects.set(github, known)
  const held = known.get(key) ?? read()
  known.set(key, held)
  try {
    return (await held) as T
  } catch (error) {
    known.delete(key)
    throw error
  }
}

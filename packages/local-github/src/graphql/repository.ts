import DataLoader from 'dataloader'
import { getRef, type Ref } from '../git/git.ts'
import { type GitObject, readObjects } from '../git/objects.ts'
import { parseTagObject } from '../git/tag-object.ts'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { seesDrafts } from '../routes/releases/releases.ts'
import { releaseShape } from '../shapes/releases.ts'
import type { Release, Repository } from '../store/entities.ts'

/** More of a file than this GraphQL does not tell. */
const LONGEST_TEXT = 512 * 1024

type Objects = DataLoader<string, GitObject | undefined>

/** What a query may ask of a repository. Objects that are asked for in one tick are read by one process. */
export function repositoryNode(hub: Hub, repo: Repository, by: Principal) {
  const objects: Objects = new DataLoader((names) => readObjects(repo.gitDir, names))
  return {
    object: async ({ oid, expression }: { oid?: string; expression?: string }) => {
      const found = await objects.load(oid ?? expression ?? '')
      return found ? objectNode(objects, found) : null
    },
    ref: async ({ qualifiedName }: { qualifiedName: string }) => {
      const ref = await getRef(repo.gitDir, qualifiedName)
      if (!ref) return null
      const cut = ref.ref.lastIndexOf('/') + 1
      return { name: ref.ref.slice(cut), prefix: ref.ref.slice(0, cut), target: objectNode(objects, ref) }
    },
    release: ({ tagName }: { tagName: string }) => {
      const isIts = (row: Release) => row.repo === repo.id && row.tag === tagName
      const published = hub.store.releases.find((row) => isIts(row) && !row.draft)
      const draft = seesDrafts(hub, by, repo) ? hub.store.releases.find(isIts) : undefined
      const release = published ?? draft
      return release ? releaseNode(hub, repo, release) : null
    },
  }
}

function releaseNode(hub: Hub, repo: Repository, release: Release) {
  const { id, tag_name, name, body, draft, html_url } = releaseShape(hub, repo, release)
  return { databaseId: id, tagName: tag_name, name, description: body, isDraft: draft, url: html_url }
}

/** An object by its id and type; what is in it is read when it is asked for. */
function objectNode(objects: Objects, { sha, type }: Pick<Ref, 'sha' | 'type'>): object {
  const bytes = async () => (await objects.load(sha))!.bytes
  const parsed = async () => parseTagObject((await bytes()).toString('utf8'))
  switch (type) {
    case 'commit':
      return {
        ...{ __typename: 'Commit', oid: sha },
        file: async ({ path }: { path: string }) => {
          const found = await objects.load(`${sha}:${path}`)
          return found ? entryNode(objects, { ...found, name: path.split('/').at(-1)!, path }) : null
        },
      }
    case 'tag':
      return {
        ...{ __typename: 'Tag', oid: sha },
        name: async () => (await parsed()).name,
        message: async () => (await parsed()).message,
        tagger: async () => (await parsed()).tagger,
        target: async () => {
          const { object, type } = await parsed()
          return objectNode(objects, { sha: object, type })
        },
      }
    case 'tree':
      return {
        ...{ __typename: 'Tree', oid: sha },
        entries: async () => parseTree(await bytes()).map((entry) => entryNode(objects, { ...entry, path: null })),
      }
    case 'blob':
      return {
        ...{ __typename: 'Blob', oid: sha },
        byteSize: async () => (await bytes()).length,
        isBinary: async () => (await bytes()).includes(0),
        isTruncated: async () => (await bytes()).length > LONGEST_TEXT,
        text: async () => textOf(await bytes()),
      }
  }
}

function entryNode(
  objects: Objects,
  { name, path, sha, type }: { name: string; path: string | null; sha: string; type: Ref['type'] },
) {
  return { name, path, type, oid: sha, object: objectNode(objects, { sha, type }) }
}

function textOf(bytes: Buffer): string | null {
  return bytes.includes(0) ? null : bytes.toString('utf8', 0, LONGEST_TEXT)
}

/** A tree as git keeps it: mode, name, NUL, and the id as 20 bytes. */
function parseTree(bytes: Buffer): Array<{ name: string; sha: string; type: Ref['type'] }> {
  const entries = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at)
    const [mode, ...name] = bytes.toString('utf8', at, end).split(' ')
    const type = mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob'
    entries.push({ name: name.join(' '), sha: bytes.toString('hex', end + 1, end + 21), type } as const)
    at = end + 21
  }
  return entries
}

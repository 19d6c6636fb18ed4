import { at, type GitHub } from './connect.ts'
import { hasStatus } from './errors.ts'

/** The name of the branch that the repository shows first. */
export async function readDefaultBranch(github: GitHub): Promise<string> {
  return (await github.octokit.rest.repos.get(at(github))).data.default_branch
}

/** What a ref points at; of an annotated tag, the tag object. */
export interface RefTarget {
  sha: string
  type: 'commit' | 'tag' | 'tree' | 'blob'
}

/** Reads a ref (`refs/tags/m@v1.0.0`); null where there is none. */
export async function readRef(github: GitHub, ref: string): Promise<RefTarget | null> {
  try {
    const { data } = await github.octokit.rest.git.getRef({ ...at(github), ref: short(ref) })
    return { sha: data.object.sha, type: data.object.type as RefTarget['type'] }
  } catch (error) {
    if (hasStatus(error, 404)) return null
    throw error
  }
}

/** Every ref whose name begins with `prefix` (`refs/tags/m@`). */
export async function listRefs(github: GitHub, prefix: string): Promise<Array<{ ref: string } & RefTarget>> {
  const refs = await github.octokit.paginate(github.octokit.rest.git.listMatchingRefs, {
    ...at(github),
    ref: short(prefix),
    per_page: 100,
  })
  return refs.map(({ ref, object }) => ({ ref, sha: object.sha, type: object.type as RefTarget['type'] }))
}

/**
 * Moves a ref from one commit to another that descends from it, or creates it where `from` is null: the compare and
 * swap of GitHub. `lost` means that somebody else moved or made it since `from` was read, and nothing was changed.
 */
export async function advanceRef(
  github: GitHub,
  { ref, from, to }: { ref: string; from: string | null; to: string },
): Promise<'advanced' | 'lost'> {
  try {
    if (from === null) await github.octokit.rest.git.createRef({ ...at(github), ref, sha: to })
    else await github.octokit.rest.git.updateRef({ ...at(github), ref: short(ref), sha: to, force: false })
    return 'advanced'
  } catch (error) {
    if (!hasStatus(error, 409, 422)) throw error
    const now = await readRef(github, ref)
    // The answer to a request that did succeed can be lost on the way, and the request be sent again.
    if (now?.sha === to) return 'advanced'
    if ((now?.sha ?? null) === from) throw error
    return 'lost'
  }
}

/** Where a file changed: new text, or null where it is to go. */
export interface TreeChange {
  path: string
  content: string | null
  /** Whether it may be run as a program. */
  executable?: boolean
}

/** Makes a tree from another one (or from nothing) and changes; answers with its SHA. */
export async function createTree(
  github: GitHub,
  { base, changes }: { base: string | null; changes: TreeChange[] },
): Promise<string> {
  const { data } = await github.octokit.rest.git.createTree({
    ...at(github),
    ...(base === null ? {} : { base_tree: base }),
    tree: changes.map(({ path, content, executable }) => ({
      path,
      mode: executable ? '100755' : '100644',
      type: 'blob',
      ...(content === null ? { sha: null } : { content }),
    })),
  })
  return data.sha
}

/** The paths of all files below a folder of a commit; none where there is no such folder. */
export async function listFolder(
  github: GitHub,
  { commit, folder }: { commit: string; folder: string },
): Promise<string[]> {
  const [parent, name] = split(folder)
  let siblings: unknown
  try {
    siblings = (await github.octokit.rest.repos.getContent({ ...at(github), path: parent, ref: commit })).data
  } catch (error) {
    if (hasStatus(error, 404)) return []
    throw error
  }
  const found = (Array.isArray(siblings) ? siblings : []).find((entry) => entry.name === name && entry.type === 'dir')
  if (!found) return []
  const { data } = await github.octokit.rest.git.getTree({ ...at(github), tree_sha: found.sha, recursive: '1' })
  if (data.truncated) throw new Error(`GitHub does not list all of ${folder}: it holds too many files`)
  return data.tree.filter(({ type }) => type !== 'tree').map(({ path }) => `${folder}/${path}`)
}

/** Reads a commit: its tree, its parents and what it says. */
export async function readCommit(
  github: GitHub,
  sha: string,
): Promise<{ tree: string; parents: string[]; message: string }> {
  const { data } = await github.octokit.rest.git.getCommit({ ...at(github), commit_sha: sha })
  return { tree: data.tree.sha, parents: data.parents.map((parent) => parent.sha), message: data.message }
}

/** Makes a commit. Without an author of our own GitHub names the token's and signs it. */
export async function createCommit(
  github: GitHub,
  { message, tree, parents }: { message: string; tree: string; parents: string[] },
): Promise<string> {
  const { data } = await github.octokit.rest.git.createCommit({ ...at(github), message, tree, parents })
  return data.sha
}

export interface TagObject {
  sha: string
  name: string
  /** The commit that it names, or whatever else it does. */
  target: RefTarget
  tagger: string
  /** ISO 8601, UTC; null where `timeOf` knows none. */
  time: string | null
  message: string
}

/** Makes an annotated tag's object: nobody sees it until a ref points at it. */
export async function createTagObject(
  github: GitHub,
  {
    name,
    commit,
    message,
    tagger,
    time,
  }: { name: string; commit: string; message: string; tagger: string; time: string },
): Promise<string> {
  const { data } = await github.octokit.rest.git.createTag({
    ...at(github),
    tag: name,
    object: commit,
    type: 'commit',
    message,
    tagger: { name: tagger, email: `${tagger}@users.noreply.github.com`, date: time },
  })
  return data.sha
}

/** Reads an annotated tag's object. */
export async function readTagObject(github: GitHub, sha: string): Promise<TagObject> {
  const { data } = await github.octokit.rest.git.getTag({ ...at(github), tag_sha: sha })
  return {
    sha: data.sha,
    name: data.tag,
    target: { sha: data.object.sha, type: data.object.type as RefTarget['type'] },
    tagger: data.tagger.name,
    time: timeOf(data.tagger.date),
    message: data.message,
  }
}

const YEAR_10000 = Date.UTC(10_000, 0, 1)

/**
 * The time of a tag, a text or milliseconds since 1970, as ISO 8601 in UTC. Git takes later ones than ISO 8601 writes:
 * null from the year 10000 on.
 */
export function timeOf(moment: string | number): string | null {
  const time = new Date(moment)
  return time.getTime() < YEAR_10000 ? time.toISOString() : null
}

/** Reads a file at a commit or ref as text; null where it is not there. */
export async function readFileAt(github: GitHub, ref: string, path: string): Promise<string | null> {
  try {
    const { data } = await github.octokit.rest.repos.getContent({
      ...at(github),
      path,
      ref,
      mediaType: { format: 'raw' },
    })
    // Octokit takes the bytes for text only where the server says so.
    const raw: unknown = data
    if (raw instanceof ArrayBuffer) return Buffer.from(raw).toString('utf8')
    if (typeof raw !== 'string') throw new TypeError(`${path} at ${ref} is not a file`)
    return raw
  } catch (error) {
    if (hasStatus(error, 404)) return null
    throw error
  }
}

/** The API's routes name a ref without `refs/`. */
function short(ref: string): string {
  return ref.replace(/^refs\//, '')
}

function split(path: string): [string, string] {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)]
}

import { readCommit, UNSIGNED, verificationOf } from '../git/commits.ts'
import { readObject } from '../git/objects.ts'
import { parseTagObject } from '../git/tag-object.ts'
import { listFolder } from '../git/tree.ts'
import type { Repository } from '../store/entities.ts'
import { nodeId, repoApi, repoHtml, type Shaping } from './common.ts'

/** No listing is longer. */
const MAX_ENTRIES = 100_000

export async function treeShape(shaping: Shaping, repo: Repository, sha: string, recursive: boolean) {
  const api = repoApi(shaping, repo)
  const entries = await listFolder(repo.gitDir, sha, '', recursive)
  const tree = entries.slice(0, MAX_ENTRIES).map(({ size, ...entry }) => {
    const url = `${api}/git/${entry.type}s/${entry.sha}`
    return { ...entry, ...(entry.type === 'blob' ? { size } : {}), url }
  })
  return { sha, url: `${api}/git/trees/${sha}`, tree, truncated: entries.length > MAX_ENTRIES }
}

export async function gitCommitShape(shaping: Shaping, repo: Repository, sha: string) {
  const commit = await readCommit(repo.gitDir, sha)
  const api = repoApi(shaping, repo)
  const html = `${repoHtml(shaping, repo)}/commit`
  return {
    sha,
    node_id: nodeId('Commit', repo.id),
    url: `${api}/git/commits/${sha}`,
    html_url: `${html}/${sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${api}/git/commits/${parent}`,
      html_url: `${html}/${parent}`,
    })),
    verification: verificationOf(shaping.store, commit),
  }
}

/** Tags that the API makes carry no signature. */
export async function tagShape(shaping: Shaping, repo: Repository, sha: string) {
  const api = repoApi(shaping, repo)
  const { bytes } = (await readObject(repo.gitDir, sha))!
  const { name, object, type, tagger, message } = parseTagObject(bytes.toString('utf8'))
  return {
    node_id: nodeId('Tag', repo.id),
    tag: name,
    sha,
    url: `${api}/git/tags/${sha}`,
    message,
    tagger,
    object: { sha: object, type, url: `${api}/git/${type}s/${object}` },
    verification: UNSIGNED,
  }
}

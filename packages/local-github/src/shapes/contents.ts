import { SYMLINK, type TreeEntry } from '../git/tree.ts'
import type { Repository } from '../store/entities.ts'
import { repoApi, repoHtml, type Shaping } from './common.ts'

/** A file, folder, link or submodule, without what is in it. */
export function entryShape(shaping: Shaping, repo: Repository, entry: TreeEntry, ref: string) {
  const { path, type, sha, size } = entry
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  const self = `${repoApi(shaping, repo)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`
  const html = `${repoHtml(shaping, repo)}/${type === 'tree' ? 'tree' : 'blob'}/${ref}/${encoded}`
  const isElsewhere = type === 'commit'
  const gitUrl = isElsewhere ? null : `${repoApi(shaping, repo)}/git/${type}s/${sha}`
  const download = `${repoHtml(shaping, repo)}/raw/${encodeURIComponent(ref)}/${encoded}`
  return {
    type: kindOf(entry),
    size,
    name: path.split('/').at(-1)!,
    path,
    sha,
    url: self,
    git_url: gitUrl,
    html_url: isElsewhere ? null : html,
    download_url: type === 'blob' ? download : null,
    _links: { self, git: gitUrl, html: isElsewhere ? null : html },
  }
}

function kindOf({ type, mode }: TreeEntry) {
  if (type === 'commit') return 'submodule'
  if (type === 'tree') return 'dir'
  return mode === SYMLINK ? 'symlink' : 'file'
}

/** GitHub breaks base64 into lines of this length. */
const LINE = 60

export function toBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(new RegExp(`.{1,${LINE}}`, 'g'), '$&\n')
}

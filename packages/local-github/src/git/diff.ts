import { repoApi, repoHtml, type Shaping } from '../shapes/common.ts'
import type { Repository } from '../store/entities.ts'
import { git } from './git.ts'

/** The changed files between two trees or commits, with their patches, as the API shows them. */
export async function diffFiles(shaping: Shaping, repo: Repository, from: string, to: string) {
  const options = ['-r', '-M', '--no-color', '--no-ext-diff', '--no-textconv', from, to]
  const raw = await git(repo.gitDir, ['diff-tree', '-z', '--raw', '--no-abbrev', ...options])
  if (raw === '') return []
  const text = await git(repo.gitDir, ['diff-tree', '-p', ...options])
  // No line of a file's content begins so: a sign stands before it.
  const sections = text.split(/\n(?=diff --git )/)
  const fields = raw.split('\0').filter(Boolean)
  const files = []
  for (let at = 0; at < fields.length; ) {
    const [, , oldSha, newSha, status] = fields[at++]!.split(' ') as [string, string, string, string, string]
    const previous = fields[at++]!
    const renamed = status.startsWith('R')
    const filename = renamed ? fields[at++]! : previous
    // What became of another type (a file a link) is taken away and added.
    const parts = sections.splice(0, status.startsWith('T') ? 2 : 1)
    const patch = parts.map((part) => part.slice(part.indexOf('\n@@') + 1 || part.length)).join('\n')
    const lines = patch.split('\n')
    const additions = lines.filter((line) => line.startsWith('+')).length
    const deletions = lines.filter((line) => line.startsWith('-')).length
    const path = filename.split('/').map(encodeURIComponent).join('/')
    files.push({
      sha: status === 'D' ? oldSha : newSha,
      filename,
      status: STATUS[status[0]!] ?? 'changed',
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: `${repoHtml(shaping, repo)}/blob/${to}/${path}`,
      raw_url: `${repoHtml(shaping, repo)}/raw/${to}/${path}`,
      contents_url: `${repoApi(shaping, repo)}/contents/${path}?ref=${to}`,
      ...(patch === '' ? {} : { patch }),
      ...(renamed ? { previous_filename: previous } : {}),
    })
  }
  return files
}

const STATUS: Record<string, 'added' | 'removed' | 'modified' | 'renamed'> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
}

import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RELEASE_TREE } from '../paths.ts'
import { makeCommits } from './commits.ts'
import { git } from './git.ts'
import { pushRelease } from './push.ts'
import { readReleases } from './releases.ts'
import { writeTemplates } from './trees.ts'

/** What a release made. */
export interface Released {
  /** `v1.2.3`, and the tag of that name. */
  version: string
  /** The first commit: the actions with their bundle. Templates and composites pin it. */
  actions: string
  /** The second commit, which `v1.2.3` and `v1` name. */
  commit: string
  /** The workflow templates in released form, by file name. */
  templates: Record<string, string>
}

/**
 * Makes a release in a repository out of the release tree that is built, as the workflow does: both commits, the tag and
 * the moving tag, in one push. `remote` is a URL with credentials, or the path of a bare repository. Safe to run again.
 */
export async function releaseTo({
  remote,
  version = 'v1.0.0',
}: {
  remote: string
  version?: string
}): Promise<Released> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-release-to-'))
  try {
    const repository = join(folder, 'objects.git')
    await git(folder, ['init', '--quiet', '--bare', repository])
    const releases = await readReleases(repository, { url: remote })
    const { mtime } = await stat(RELEASE_TREE)
    const made = await makeCommits(repository, version, { date: mtime.toISOString() })
    await pushRelease(repository, { url: remote }, made, releases)
    await writeTemplates(join(folder, 'templates'), { sha: made.actions, version })
    const names = (await readdir(join(folder, 'templates'))).filter((name) => name.endsWith('.yml'))
    const texts = await Promise.all(names.map((name) => readFile(join(folder, 'templates', name), 'utf8')))
    const templates = Object.fromEntries(names.map((name, index) => [name, texts[index]!]))
    return { version, actions: made.actions, commit: made.commit, templates }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

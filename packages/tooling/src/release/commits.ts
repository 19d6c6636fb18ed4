import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from './git.ts'
import type { Release } from './releases.ts'
import { writeActions, writeRelease } from './trees.ts'
import { formatVersion } from './version.ts'

/** Whence a release comes. */
export interface Origin {
  /** The commit that is released, and its own date: what is made from it has this date too, so it is always the same. */
  sha?: string
  date: string
}

/** The objects of a release; nothing names them yet. */
export interface Made {
  version: string
  /** The first commit: the actions with their bundle. */
  actions: string
  /** The second commit: what the tags name. */
  commit: string
  /** The annotated tag; undefined where the release has its tag already. */
  tag: string | undefined
}

const WHO = { name: 'Modelyard', email: 'modelyard@users.noreply.github.com' }

/**
 * Writes the two commits and the tag of a release into a repository's object store, as git objects that depend on
 * nothing but the files, the version and the origin: made twice they are the same.
 */
export async function makeCommits(repository: string, version: string, origin: Origin): Promise<Made> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-release-'))
  try {
    await writeActions(join(folder, 'actions'))
    const actions = await commitFolder(repository, join(folder, 'actions'), {
      message: `Build the actions of ${version}`,
      parent: origin.sha,
      date: origin.date,
    })
    await writeRelease(join(folder, 'release'), { sha: actions, version })
    const commit = await commitFolder(repository, join(folder, 'release'), {
      message: releaseMessage(version, origin.sha),
      parent: actions,
      date: origin.date,
    })
    return { version, actions, commit, tag: await makeTag(repository, { version, commit, date: origin.date }) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The commits of a release that was made before, which it keeps: nothing is built again, nothing can differ. */
export async function findCommits(repository: string, { version, commit }: Release): Promise<Made> {
  return {
    version: formatVersion(version),
    actions: await git(repository, ['rev-parse', `${commit}^`]),
    commit,
    tag: undefined,
  }
}

/** The second commit's message; `readReleases` knows a release, and what it was made from, by it. */
function releaseMessage(version: string, source: string | undefined): string {
  return `Release ${version}${source ? `\n\nSource: ${source}` : ''}`
}

async function commitFolder(
  repository: string,
  folder: string,
  { message, parent, date }: { message: string; parent: string | undefined; date: string },
): Promise<string> {
  const env = { GIT_INDEX_FILE: `${folder}.index` }
  const gitDir = await git(repository, ['rev-parse', '--absolute-git-dir'])
  const own = ['-c', 'core.autocrlf=false', '-c', 'core.fileMode=false', `--git-dir=${gitDir}`]
  await git(folder, [...own, '--work-tree=.', 'add', '--all', '--force', '.'], { env })
  const tree = await git(folder, [...own, 'write-tree'], { env })
  const parents = parent ? ['-p', parent] : []
  return git(folder, [...own, 'commit-tree', tree, ...parents, '-m', message], {
    env: {
      GIT_AUTHOR_NAME: WHO.name,
      GIT_AUTHOR_EMAIL: WHO.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: WHO.name,
      GIT_COMMITTER_EMAIL: WHO.email,
      GIT_COMMITTER_DATE: date,
    },
  })
}

/** Written as it is, because `git tag` would name it as well. */
async function makeTag(
  repository: string,
  { version, commit, date }: { version: string; commit: string; date: string },
): Promise<string> {
  const seconds = Math.floor(Date.parse(date) / 1000)
  const tagger = `tagger ${WHO.name} <${WHO.email}> ${seconds} +0000`
  const text = [`object ${commit}`, 'type commit', `tag ${version}`, tagger, '', `Modelyard ${version}`, ''].join('\n')
  return git(repository, ['mktag'], { input: text })
}

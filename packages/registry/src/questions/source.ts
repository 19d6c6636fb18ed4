import { type GitHub, loadText } from '@modelyard/github'
import { UserError, type VersionFile } from '@modelyard/spec'
import { asVersionFile, versionPath } from '../manifest.ts'
import { catFile } from '../tags/cat-file.ts'
import { readTags } from '../tags/list.ts'
import { readAllTags, readTagsOfClone } from '../tags/mirror.ts'
import type { TagFact } from '../tags/state.ts'

/** Where the registry is read: on GitHub, or in a clone. */
export interface Source {
  /** The tags of one model, or of all. */
  readTags(model?: string): Promise<TagFact[]>
  /** Files at commits as text, in the order in which they are asked for; null where a commit has no such file. */
  readTexts(files: readonly FileAt[]): Promise<Array<string | null>>
}

export interface FileAt {
  commit: string
  path: string
}

/** The registry as GitHub has it now. */
export function onGitHub(github: GitHub): Source {
  return {
    readTags: (model) => (model === undefined ? readAllTags(github) : readTags(github, model)),
    readTexts: (files) => Promise.all(files.map(({ commit, path }) => loadText(github, commit, path))),
  }
}

/** The registry as a clone holds it, offline: what others did since its last `git fetch --tags` is not in it. */
export function inClone(folder: string): Source {
  return {
    readTags: () => readTagsOfClone(folder),
    readTexts: (files) => readTextsOfClone(folder, files),
  }
}

/** The manifests of versions, in their order; null where another tool registered one. */
export async function readManifests(
  source: Source,
  model: string,
  versions: ReadonlyArray<{ version: string; commit: string }>,
): Promise<Array<VersionFile | null>> {
  const path = versionPath(model)
  const texts = await source.readTexts(versions.map(({ commit }) => ({ commit, path })))
  return texts.map((text, index) =>
    text === null ? null : asVersionFile(text, { model, version: versions[index]!.version }),
  )
}

/** One process for all. Throws a `UserError` where the clone is too shallow to hold a commit. */
async function readTextsOfClone(folder: string, files: readonly FileAt[]): Promise<Array<string | null>> {
  const [held, found] = await Promise.all([
    catFile(
      folder,
      files.map(({ commit }) => `${commit}^{tree}`),
    ),
    catFile(
      folder,
      files.map(({ commit, path }) => `${commit}:${path}`),
    ),
  ])
  const absent = files[held.indexOf(null)]
  if (!absent) return found
  throw new UserError(
    `This clone does not hold the commit ${absent.commit.slice(0, 12)}, so it cannot tell what ${absent.path} says there. Run git fetch origin ${absent.commit}, or set GITHUB_TOKEN to ask GitHub.`,
  )
}

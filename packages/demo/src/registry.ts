import { at } from '@modelyard/github'
import { readState, type State } from '@modelyard/registry'
import { VersionFile } from '@modelyard/spec'
import { git, holds, same } from './look.ts'
import { MODEL, type World } from './world.ts'

/** The tags of the model in the bare repository, as git lists them. */
export async function tagsOf(world: World): Promise<string[]> {
  const out = await git(world.bare, 'for-each-ref', '--format=%(refname:short)', 'refs/tags')
  return out === '' ? [] : out.split('\n').sort()
}

/** What the registry says now. */
export function registryNow(world: World): Promise<State> {
  return readState(world.ada.github, MODEL)
}

/** The manifest of a version, as plain git shows it. */
export async function versionFile(world: World, version: string): Promise<VersionFile> {
  const text = await git(world.bare, 'show', `${MODEL}@${version}:.modelyard/${MODEL}/version.json`)
  return VersionFile.parse(JSON.parse(text))
}

/** Checks a version in all its places: annotated tag, registry commit, log entry, published release, digests. */
export async function checkVersion(world: World, version: string, source: string): Promise<VersionFile> {
  const tag = `${MODEL}@${version}`
  same(await git(world.bare, 'cat-file', '-t', `refs/tags/${tag}`), 'tag')
  same(await git(world.bare, 'rev-parse', `${tag}^{commit}^1`), source)
  same(await git(world.bare, 'ls-tree', '--name-only', `${tag}^{commit}`, '.github/workflows/'), '')
  const log = await git(world.bare, 'log', '--first-parent', '--format=%s', `refs/modelyard/${MODEL}`)
  holds(
    log.split('\n').some((line) => line.includes(version) && line.includes('registered')),
    `the log does not tell of ${version}: ${log}`,
  )
  const file = await versionFile(world, version)
  const { data: release } = await world.ada.github.octokit.rest.repos.getReleaseByTag({ ...at(world.ada.github), tag })
  same(release.draft, false)
  for (const { name, sha256 } of file.assets) {
    const asset = release.assets.find((each) => each.name === name)
    same(asset?.digest, `sha256:${sha256}`)
  }
  return file
}

import { createCommit, createTree, type GitHub, loadFolder } from '@modelyard/github'
import type { VersionFile } from '@modelyard/spec'
import { versionPath } from '../manifest.ts'

/** The paths of a commit's workflow files; read before they are needed, they come with what else is read then. */
export function readWorkflows(github: GitHub, { commit }: { commit: string }): Promise<string[]> {
  return loadFolder(github, { commit, folder: '.github/workflows' })
}

/**
 * The commit that a version's tag names: the source's tree with the manifest, and without the workflow files, which a
 * workflow's token may not carry to a new ref.
 */
export async function createRegistryCommit(
  github: GitHub,
  file: VersionFile,
  source: { commit: string; tree: string },
): Promise<string> {
  const workflows = await readWorkflows(github, source)
  const tree = await createTree(github, {
    base: source.tree,
    changes: [
      ...workflows.map((path) => ({ path, content: null })),
      { path: versionPath(file.model), content: `${JSON.stringify(file, null, 2)}\n` },
    ],
  })
  return createCommit(github, {
    message: `${file.model} ${file.version}\n\nThe source of this version, with ${versionPath(file.model)}.\n`,
    tree,
    parents: [source.commit],
  })
}

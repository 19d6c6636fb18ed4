import { type GitHub, loadText } from '@modelyard/github'
import { flatName, parseJson, UserError, VersionFile } from '@modelyard/spec'
import { versionTag } from './tags/grammar.ts'
import type { Version } from './tags/state.ts'

/** Where a version's manifest lies in its registry commit. */
export function versionPath(model: string): string {
  return `.modelyard/${flatName(model)}/version.json`
}

/** Reads the manifest of a version; throws a `UserError` where the version has none or a broken one. */
export async function readVersionFile(
  github: GitHub,
  model: string,
  { version, commit }: Pick<Version, 'version' | 'commit'>,
): Promise<VersionFile> {
  const file = await findVersionFile(github, model, { version, commit })
  if (file) return file
  const tag = versionTag(model, version)
  throw new UserError(
    `The tag ${tag} does not name what Modelyard registered as ${model} ${version}: in its commit ${commit.slice(0, 12)} there is no ${versionPath(model)} of that version. If the tag was moved, delete it (git push origin ':refs/tags/${tag}'), and \`modelyard registry doctor --mend\` puts back the one that the log names; if another tool made it, register the model with Modelyard, as a new version.`,
  )
}

/** Reads the manifest of a version; null where it has none because another tool registered it. */
export async function findVersionFile(
  github: GitHub,
  model: string,
  { version, commit }: Pick<Version, 'version' | 'commit'>,
): Promise<VersionFile | null> {
  const text = await loadText(github, commit, versionPath(model))
  return text === null ? null : asVersionFile(text, { model, version })
}

/** The manifest that a text is; null where it is another version's. Throws a `UserError` for one that is broken. */
export function asVersionFile(
  text: string,
  { model, version }: { model: string; version: string },
): VersionFile | null {
  const parsed = VersionFile.safeParse(parseJson(text))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new UserError(
      `${versionPath(model)} of ${model} ${version} is broken (${issue.path.join('.') || 'file'}: ${issue.message}). Update Modelyard, or register the version again.`,
    )
  }
  // A tag that somebody put on another version's commit names bytes that are not its own.
  if (parsed.data.model !== model || parsed.data.version !== version) return null
  return parsed.data
}

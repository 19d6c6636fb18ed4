import { at, type GitHub } from './connect.ts'

/** What a repository was forked from, as `owner/name` (empty where the token may not see it); null where it is no fork. */
export async function readOriginal(github: GitHub): Promise<string | null> {
  const { data } = await github.octokit.rest.repos.get(at(github))
  return data.fork ? (data.parent?.full_name ?? '') : null
}

import { at, findRelease, type GitHub, hasStatus } from '@modelyard/github'

/** Makes a release's page on GitHub, unless it is there: what people wrote on it since stays. Answers with its address. */
export async function makePage(github: GitHub, version: string, notes: string): Promise<string> {
  const present = await findRelease(github, version)
  if (present) return present.url
  try {
    const { data } = await github.octokit.rest.repos.createRelease({
      ...at(github),
      tag_name: version,
      name: version,
      body: notes,
    })
    return data.html_url
  } catch (error) {
    // Another run made it between the look and the leap.
    const made = hasStatus(error, 422) ? await findRelease(github, version) : null
    if (!made) throw error
    return made.url
  }
}

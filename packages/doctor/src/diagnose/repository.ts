import type { GitHubFacts } from '../facts.ts'
import { type Diagnosis, fail, ok, warn } from '../finding.ts'

/** The repository, and what this token may do in it. */
export function diagnoseRepository({ repository }: GitHubFacts): Diagnosis {
  const { full_name: name, archived, permissions } = repository
  if (archived) return fail(`${name} is archived: nothing in it can change.`, 'Unarchive it under Settings → General.')
  if (!permissions?.push)
    return warn(
      `This token may only read ${name}.`,
      'That is enough to look and to fetch. To register or deploy from here, use one with contents: write.',
    )
  return ok(`This token may write to ${name}.`)
}

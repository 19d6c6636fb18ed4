import { at, type GitHub } from './connect.ts'
import type { Artifact } from './runs.ts'

/** As many of one name are looked through; the runs of pull requests leave their own between those of a branch. */
const MOST = 300

/**
 * The newest artifact of a name that a run on a branch of this repository left, and the run; undefined where there is
 * none that has not expired. A fork's branch of the same name does not count.
 */
export async function newestOnBranch(
  github: GitHub,
  { name, branch }: { name: string; branch: string },
): Promise<(Artifact & { run: number }) | undefined> {
  let listed = 0
  const artifacts = await github.octokit.paginate(
    github.octokit.rest.actions.listArtifactsForRepo,
    { ...at(github), name, per_page: 100 },
    ({ data }, done) => {
      listed += data.length
      const found = data.filter(
        ({ expired, workflow_run: run }) =>
          !expired && run?.head_branch === branch && run.head_repository_id === run.repository_id,
      )
      if (found.length > 0 || listed >= MOST) done()
      return found
    },
  )
  const [newest] = artifacts.sort((a, b) => b.id - a.id)
  return newest && { id: newest.id, name, bytes: newest.size_in_bytes, run: newest.workflow_run!.id! }
}

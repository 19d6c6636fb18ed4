import { holds, same } from '../look.ts'
import { merge } from '../pull-requests.ts'
import { artifactRecord } from '../records.ts'
import { checkVersion, tagsOf } from '../registry.ts'
import { waitForRun } from '../runs.ts'
import type { Scene } from './scene.ts'

/** The merge registers the bytes that the pull request's run trained and judged. */
export const firstVersion: Scene = {
  title: 'The merge registers flight-delay v1.0.0',
  async play(world, { say, claim }) {
    const pull = world.pulls.first!
    const judged = await artifactRecord(world, { event: 'pull_request', sha: pull.head }, 'gate')
    const sha = await merge(world, pull)
    say(`Ada merges pull request #${pull.number}`)
    const run = await waitForRun(world, { workflow: 'release.yml', event: 'push', sha })
    await claim('the run of the merge succeeded', async () => same(run.conclusion, 'success'))
    await claim(
      'flight-delay@v1.0.0 is an annotated tag on a registry commit whose parent is the merge, told in the log, released with every digest',
      async () => {
        const file = await checkVersion(world, 'v1.0.0', sha)
        same(file.digests.model, judged.predicate.candidate.sha256)
      },
    )
    await claim('what was judged in the pull request is what was registered: nothing was trained again', async () => {
      const training = await artifactRecord(world, { event: 'push', sha }, 'training')
      holds(training.predicate.run.reused?.includes('/actions/runs/'), 'the release trained again')
      same(training.predicate.artifact.sha256, judged.predicate.candidate.sha256)
    })
    await claim('it is the only tag', async () => same(await tagsOf(world), ['flight-delay@v1.0.0']))
  },
}

import { cp } from 'node:fs/promises'
import { holds, same } from '../look.ts'
import { EXAMPLE } from '../paths.ts'
import { openPullRequest, readCheck, readReport } from '../pull-requests.ts'
import { tagsOf } from '../registry.ts'
import { jobsOf, waitForRun } from '../runs.ts'
import type { Scene } from './scene.ts'

/** The first model comes by pull request: there is nothing to compare it with yet. */
export const firstCandidate: Scene = {
  title: 'A pull request brings the first model',
  async play(world, { say, claim }) {
    await cp(EXAMPLE, world.clone, {
      recursive: true,
      filter: (path) => !/\/(?:data|out|\.modelyard|__pycache__|\.serve)(?:\/|$)/.test(path.slice(EXAMPLE.length)),
    })
    const pull = await openPullRequest(
      world,
      'first-model',
      'Predict which flights arrive late',
      'Trained on January and February, judged on March.',
    )
    world.pulls.first = pull
    say(`Ada opens pull request #${pull.number}: ${pull.title}`)
    const run = await waitForRun(world, { workflow: 'pull-request.yml', event: 'pull_request', sha: pull.head })
    const report = await readReport(world, pull)
    say(`The report says: ${report.firstLine}`)

    await claim('its run found the model, validated the data, trained, judged and reported', async () => {
      same(run.conclusion, 'success')
      same(await jobsOf(world.ada, run), {
        'find the models': 'success',
        'candidate flight-delay': 'success',
        report: 'success',
      })
    })
    await claim('the report says that there is nothing to compare with, and that the absolute gates pass', async () => {
      holds(report.firstLine.startsWith('✅') && report.firstLine.includes('first version'), report.firstLine)
    })
    await claim('the check on its head is green', async () => same(await readCheck(world, pull), 'success'))
    await claim('nothing is registered before the merge', async () => same(await tagsOf(world), []))
  },
}

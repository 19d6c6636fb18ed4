import { at } from '@modelyard/github'
import { holds, same } from '../look.ts'
import { proposeChange, readCheck, readReport } from '../pull-requests.ts'
import { artifactRecord } from '../records.ts'
import { registryNow, tagsOf } from '../registry.ts'
import { jobsOf, waitForRun } from '../runs.ts'
import type { Scene } from './scene.ts'

/** A plausible mistake: above the absolute gate, and yet worse than what is in production. */
export const worseModel: Scene = {
  title: 'A worse model is refused',
  async play(world, { say, claim }) {
    const before = await tagsOf(world)
    const pull = await proposeChange(world, 'worse')
    say(`Ada opens pull request #${pull.number}: ${pull.title}`)
    const run = await waitForRun(world, { workflow: 'pull-request.yml', event: 'pull_request', sha: pull.head })
    const report = await readReport(world, pull)
    say(`The report says: ${report.firstLine}`)
    const { predicate: gate } = await artifactRecord(world, { event: 'pull_request', sha: pull.head }, 'gate')
    say(gate.reasons[0]!)

    await claim('it was compared with what production holds', async () => {
      same(gate.champion?.version, (await registryNow(world)).stages.production?.current)
    })
    await claim('the gate failed because the whole interval of the loss of AUC is beyond the margin', async () => {
      const auc = gate.metrics.find(({ name }) => name === 'roc_auc')?.difference
      holds(gate.verdict === 'fail' && auc?.high != null && auc.high < -0.005, JSON.stringify(auc))
    })
    await claim('comment, check and job are red', async () => {
      holds(report.firstLine.startsWith('❌'), report.firstLine)
      same(await readCheck(world, pull), 'failure')
      same(await jobsOf(world.ada, run), {
        'find the models': 'success',
        'candidate flight-delay': 'failure',
        report: 'success',
      })
    })
    await claim('nothing was registered', async () => same(await tagsOf(world), before))
    await world.ada.github.octokit.rest.pulls.update({
      ...at(world.ada.github),
      pull_number: pull.number,
      state: 'closed',
    })
    say('Ada closes it.')
  },
}

import { holds, same } from '../look.ts'
import { promoteToProduction, promoteToStaging } from '../promotions.ts'
import { merge, proposeChange, readCheck, readReport } from '../pull-requests.ts'
import { artifactRecord } from '../records.ts'
import { checkVersion } from '../registry.ts'
import { waitForRun } from '../runs.ts'
import type { Scene } from './scene.ts'

/** An honest improvement takes the whole way. */
export const betterModel: Scene = {
  title: 'A better model becomes v1.1.0 and goes live',
  async play(world, tell) {
    const { say, claim } = tell
    const pull = await proposeChange(world, 'better')
    say(`Ada opens pull request #${pull.number}: ${pull.title}`)
    await waitForRun(world, { workflow: 'pull-request.yml', event: 'pull_request', sha: pull.head })
    const report = await readReport(world, pull)
    say(`The report says: ${report.firstLine}`)
    const { predicate: gate } = await artifactRecord(world, { event: 'pull_request', sha: pull.head }, 'gate')
    await claim('it is better than v1.0.0: the whole interval of the gain of AUC is above 0', async () => {
      const auc = gate.metrics.find(({ name }) => name === 'roc_auc')?.difference
      holds(auc?.low != null && auc.low > 0 && gate.champion?.version === 'v1.0.0', JSON.stringify(auc))
      holds(report.firstLine.startsWith('✅') && report.firstLine.includes('better than v1.0.0'), report.firstLine)
      same(await readCheck(world, pull), 'success')
    })

    const sha = await merge(world, pull)
    say(`Ada merges pull request #${pull.number}`)
    const run = await waitForRun(world, { workflow: 'release.yml', event: 'push', sha })
    await claim('the merge registered v1.1.0: the bytes that were judged', async () => {
      same(run.conclusion, 'success')
      same((await checkVersion(world, 'v1.1.0', sha)).digests.model, gate.candidate.sha256)
    })
    await promoteToStaging(world, tell, 'v1.1.0', 'flight-delay#staging#2')
    await promoteToProduction(world, tell, { version: 'v1.1.0', tag: 'flight-delay#production#2', replaces: 'v1.0.0' })
  },
}

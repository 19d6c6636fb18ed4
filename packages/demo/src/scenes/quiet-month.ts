import { listBranchPullRequests } from '@modelyard/github'
import { retrainBranch } from '@modelyard/spec'
import { writeExports } from '../exports.ts'
import { holds, same } from '../look.ts'
import { runRecord } from '../records.ts'
import { checkDrift, jobsOf } from '../runs.ts'
import { MODEL } from '../world.ts'
import type { Scene } from './scene.ts'

/** A month like those before: the check looks, says so, and leaves everybody alone. */
export const quietMonth: Scene = {
  title: 'April’s export arrives, and the daily check finds nothing',
  async play(world, { say, claim }) {
    await writeExports(world.exports, ['2001-04'])
    const run = await checkDrift(world)
    const { predicate: drift } = await runRecord(world, run.id, 'drift')
    say(drift.reasons[0]!)
    await claim('it compared the last week of April with what v1.1.0 learned: no column is away', async () => {
      same(await jobsOf(world.ada, run), {
        'find the models': 'success',
        [`check ${MODEL}`]: 'success',
        'retrain pull requests': 'success',
      })
      same([drift.verdict, drift.champion.version, drift.window.end?.slice(0, 10)], ['pass', 'v1.1.0', '2001-04-30'])
      holds(drift.columns.length === 7, `${drift.columns.length} columns were compared`)
    })
    await claim('nobody is asked anything', async () => {
      same(await listBranchPullRequests(world.ada.github, retrainBranch(MODEL)), [])
    })
  },
}

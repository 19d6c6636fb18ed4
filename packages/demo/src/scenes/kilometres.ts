import { type BranchPullRequest, listBranchPullRequests } from '@modelyard/github'
import { retrainBranch } from '@modelyard/spec'
import { writeExports } from '../exports.ts'
import { git, holds, same } from '../look.ts'
import { readReport } from '../pull-requests.ts'
import { runRecord } from '../records.ts'
import { tagsOf } from '../registry.ts'
import { checkDrift } from '../runs.ts'
import { MODEL, type World } from '../world.ts'
import type { Scene } from './scene.ts'

/** An export changes its unit, as exports do: one alarm, one pull request, which goes away with its cause. */
export const kilometres: Scene = {
  title: 'June’s export arrives in kilometres: one pull request, until the export is mended',
  async play(world, { say, claim }) {
    const before = await tagsOf(world)
    await writeExports(world.exports, ['2001-05'])
    await writeExports(world.exports, ['2001-06'], 'kilometres')
    const first = await checkDrift(world)
    const { predicate: drift } = await runRecord(world, first.id, 'drift')
    say(drift.reasons[0]!)
    await claim('the alarm is about distance alone, and says what it looks like', async () => {
      const moved = drift.columns.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name)
      same([drift.verdict, moved], ['fail', ['distance']])
      holds(
        drift.hints.some((hint) => hint.includes('kilometres instead of miles')),
        drift.hints.join(' '),
      )
    })
    const pull = await only(world)
    say(`There is pull request #${pull.number}: ${pull.title}`)
    await claim('its branch moves the months on, and nothing else', async () => {
      const changed = await git(world.bare, 'diff', '--name-only', `main...${retrainBranch(MODEL)}`)
      same(changed.split('\n'), ['params.yaml'])
    })
    const report = await readReport(world, pull)
    say(`Its report says: ${report.firstLine}`)
    await claim('the contract keeps anybody from learning kilometres: distance is out of its range', async () => {
      const { predicate } = await runRecord(world, first.id, 'validation')
      const broken = predicate.checks.filter(({ verdict }) => verdict === 'fail').map(({ column }) => column)
      same([predicate.verdict, ...broken], ['fail', 'distance'])
      holds(report.firstLine.startsWith('❌'), report.firstLine)
    })

    await checkDrift(world)
    await claim('the next day’s check brings the same pull request up to date: there is no second one', async () => {
      const now = await only(world)
      same([now.number, now.head], [pull.number, pull.head])
      await readReport(world, now)
    })

    await writeExports(world.exports, ['2001-06'])
    say('The airline mends its export')
    await checkDrift(world)
    await claim('the pull request closes itself, and nothing was registered', async () => {
      same(
        (await listBranchPullRequests(world.ada.github, retrainBranch(MODEL))).map(({ number, state, merged }) => [
          number,
          state,
          merged,
        ]),
        [[pull.number, 'closed', false]],
      )
      same(await tagsOf(world), before)
    })
  },
}

/** The one retrain pull request, which is open. */
async function only(world: World): Promise<BranchPullRequest> {
  const found = await listBranchPullRequests(world.ada.github, retrainBranch(MODEL))
  holds(found.length === 1 && found[0]!.state === 'open', `there are ${found.length} retrain pull requests`)
  return found[0]!
}

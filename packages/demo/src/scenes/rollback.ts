import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { timeline } from '@modelyard/registry'
import { holds, same } from '../look.ts'
import { deploymentsOf, servedDigest } from '../promotions.ts'
import { registryNow, tagsOf, versionFile } from '../registry.ts'
import { jobsOf, promote, rollBack } from '../runs.ts'
import { MODEL } from '../world.ts'
import type { Scene } from './scene.ts'

const COMPLAINT = 'p99 latency is 4 s since 09:12, at 40 requests a second'

/** The service is unwell with a version, for a reason that no gate could see: one click, and the one before is back. */
export const rollback: Scene = {
  title: 'v1.1.0 is unwell where it serves: one click, and v1.0.0 is back',
  async play(world, { say, claim }) {
    const before = await tagsOf(world)
    const health = { version: 'v1.1.0', healthy: false, message: COMPLAINT }
    await writeFile(join(world.serving, 'production', 'health.json'), JSON.stringify(health))
    say(`The service says of v1.1.0: ${COMPLAINT}`)
    const run = await rollBack(world)
    say('Rita clicks on rollback, with the name of the model and nothing else')
    const tags = [`${MODEL}#production#3`, `${MODEL}#quarantine#1`]
    await claim(`it asked nobody, and made ${tags.join(' and ')}`, async () => {
      same(await jobsOf(world.ada, run), {
        plan: 'success',
        [`${MODEL} v1.1.0 → v1.0.0 in production (rollback)`]: 'success',
      })
      same(await tagsOf(world), [...before, ...tags].sort())
    })
    const { stages, quarantined } = await registryNow(world)
    await claim('production is v1.0.0, by the digest of the file that it serves', async () => {
      same(stages.production?.current, 'v1.0.0')
      same(await servedDigest(world), (await versionFile(world, 'v1.0.0')).digests.model)
      same((await deploymentsOf(world))[0], { version: 'v1.0.0', states: ['success', 'in_progress'] })
    })
    await claim('v1.1.0 is in quarantine: nothing promotes it again by itself', async () => {
      same(
        quarantined.map(({ version }) => version),
        ['v1.1.0'],
      )
      same((await promote(world, 'production', 'v1.1.0')).conclusion, 'failure')
    })
    const tenures = timeline(stages.production!)
    for (const { version, from, until, actor, reason } of tenures)
      say(`${version} from ${clock(from)} ${until ? `to ${clock(until)}` : 'on'}, by ${actor}: ${reason}`)
    await claim('the history tells what was in production when, by whom and why', async () => {
      same(
        tenures.map(({ version }) => version),
        ['v1.0.0', 'v1.1.0', 'v1.0.0'],
      )
      holds(tenures[0]!.actor === 'rita' && tenures[0]!.reason.includes(COMPLAINT), tenures[0]!.reason)
    })
  },
}

function clock(time: string): string {
  return time.slice(11, 19)
}

/** Registers a file, or fetches it, in a process of its own; says how long that took and how much memory it had at most. */
import { existsSync, readFileSync } from 'node:fs'
import { connect } from '@modelyard/github'
import { fetchVersion, measure, register } from '../../src/index.ts'
import { candidate } from '../../test/support/candidate.ts'
import type { Task } from './bytes.ts'

const STATUS = '/proc/self/status'

process.on('message', async ({ place, work, file, folder, source }: Task) => {
  const github = connect(place)
  const started = performance.now()
  if (work === 'up') {
    const measured = await measure({ path: file })
    const judged = candidate(file, { source })
    const identity = { ...judged.identity, model: measured.sha256 }
    await register(github, {
      ...judged,
      identity,
      versionFile: (version) => ({
        ...judged.versionFile(version),
        digests: { ...judged.versionFile(version).digests, ...identity },
      }),
      assets: () => [{ name: 'model.onnx', content: { path: file }, measured }],
    })
  } else await fetchVersion(github, { model: 'flight-delay', version: 'latest', folder })
  const seconds = (performance.now() - started) / 1000
  process.send!({ seconds, peak_mb: peak() })
  process.disconnect()
})

/** In MB. Not `maxRSS` where it can be helped: what Linux says there begins with the memory of who started this process. */
function peak(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(existsSync(STATUS) ? readFileSync(STATUS, 'utf8') : '') ?? []
  return Math.round(Number(kilobytes ?? process.resourceUsage().maxRSS) / 1024)
}

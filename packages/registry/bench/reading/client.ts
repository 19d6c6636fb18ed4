/** Tells what production holds, of all models, in a process of its own: how long it took, and how much memory. */
import { connect } from '@modelyard/github'
import { inClone, onGitHub, readModels } from '../../src/index.ts'
import type { Question } from './reading.ts'

let requests = 0
const plain = globalThis.fetch
globalThis.fetch = (...given) => {
  requests++
  return plain(...given)
}

process.on('message', async ({ place, clone }: Question) => {
  const models = await readModels(clone === undefined ? onGitHub(connect(place)) : inClone(clone))
  const production = models.map(({ model, stages }) => [
    model,
    stages.find(({ stage }) => stage === 'production')?.version ?? null,
  ])
  process.send!({ production, requests, peak_mb: Math.round(process.resourceUsage().maxRSS / 1024) })
  process.disconnect()
})

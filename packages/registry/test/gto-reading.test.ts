import { rm } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type GtoReading, readAsGto } from '../src/tags/gto.ts'
import { readTagsOfClone } from '../src/tags/mirror.ts'
import { type GtoApi, hasGto, openGto } from './support/gto.ts'
import { type WrittenTag, writeTags } from './support/tags.ts'

vi.setConfig({ testTimeout: 120_000 })

const RUNS = 60
const COMMITS = 4

/** Tags as anybody could have left them: on few commits, within few seconds, some lightweight, some of what is no commit. */
const versions = ['v1.0.0', 'v1.0.0+b', 'v1.1.0-rc.1', 'v2.0.0']
const names = ['m', 'sub.dir/x=m', 'constructor'].flatMap((model) => [
  ...versions.flatMap((version) => [`${model}@${version}`, `${model}@${version}!`, `${model}@${version}#7`]),
  ...['prod', 'eu/prod'].flatMap((stage) =>
    [1, 2, 3, 4].flatMap((n) => [`${model}#${stage}#${n}`, `${model}#${stage}!#${n}`]),
  ),
  `${model}@deprecated`,
  `${model}@deprecated#2`,
])
const tag = fc.record<WrittenTag>(
  {
    name: fc.oneof({ weight: 60, arbitrary: fc.constantFrom(...names) }, fc.constantFrom('m@created', 'm@v1', 'x')),
    at: fc.oneof<fc.MaybeWeightedArbitrary<WrittenTag['at']>[]>(
      { weight: 200, arbitrary: fc.nat({ max: COMMITS - 1 }) },
      fc.constant('tree' as const),
    ),
    time: fc.nat({ max: 12 }),
  },
  { requiredKeys: ['name', 'at', 'time'] },
)
const light = fc.record({ name: fc.constantFrom(...names), at: fc.nat({ max: COMMITS - 1 }) })
const soup = fc.uniqueArray(fc.oneof({ weight: 9, arbitrary: tag }, light), {
  selector: ({ name }) => name,
  maxLength: 24,
  size: 'max',
})

describe.skipIf(!hasGto())('what we say that gto says', () => {
  let gto: GtoApi
  beforeAll(() => {
    gto = openGto()
  })
  afterAll(() => gto.close())

  it('is what it says, of tags that anybody could have left', async () => {
    const seen = { read: 0, failed: 0, tags: 0 }
    await fc.assert(
      fc.asyncProperty(soup, async (tags) => {
        const folder = await writeTags(COMMITS, tags)
        try {
          const ours = readAsGto(await readTagsOfClone(folder))
          const its = await gto.call<GtoShow>(folder, 'show', { options: { deprecated: true } }).catch((error) => error)
          expect(its instanceof Error ? { fails: why(its) } : its).toEqual(asShow(ours))
          seen[its instanceof Error ? 'failed' : 'read']++
          seen.tags += tags.length
        } finally {
          await rm(folder, { recursive: true })
        }
      }),
      { numRuns: RUNS, seed: 7 },
    )
    console.log(
      `${seen.tags} tags in ${RUNS} repositories: gto reads ${seen.read} and fails at ${seen.failed}, as we say.`,
    )
    expect(Math.min(seen.read, seen.failed)).toBeGreaterThan(5)
  })
})

type GtoShow = Record<string, { version: string | null; stage: Record<string, string | null>; active: boolean }>

function asShow(reading: GtoReading): object {
  if ('fails' in reading) return { fails: reading.fails.why }
  const stages = new Set([...reading.models.values()].flatMap((model) => Object.keys(model.stages)))
  return Object.fromEntries(
    [...reading.models].map(([name, { version, stages: held, active }]) => {
      const stage = Object.fromEntries([...stages].map((each) => [each, held[each] ?? null]))
      return [name, { version, stage, registered: true, active }]
    }),
  )
}

function why({ message }: Error): string {
  if (message.startsWith("KeyError: 'action'")) return 'created'
  if (message.startsWith('ManyVersions')) return 'versions on one commit'
  if (message.includes('_pygit2.')) return 'not a commit'
  return message
}

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type GitHub } from '@modelyard/github'
import { git } from '@modelyard/scenarios'
import { canonicalJson, type Model, type Predicate, sha256 } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zip } from '../../github/test/zip.ts'
import { openServer, type Server } from '../../registry/test/support/repository.ts'
import { compareTrainingData } from '../src/changes/data-changes.ts'
import type { StepContext } from '../src/context.ts'
import { replay, validateData } from '../src/index.ts'
import { checkout } from './support/checkout.ts'

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

/** A checkout of a topic branch whose base is `main`, on a machine without a token. */
async function topic() {
  const { root, passed, trained, said } = await checkout(server)
  const { context, model } = await trained(0.5)
  const { github: _, ...offline } = context
  const path = join(root, 'data/train.csv')
  const change = async (write: (text: string) => string) => writeFile(path, write(await readFile(path, 'utf8')))
  return { root, passed, said, context, offline, model, change }
}

async function changesOf(context: StepContext, model: Model): Promise<Predicate<'validation'>['changes']> {
  return (await validateData(context, model)).predicate.changes
}

/** Every number of the column `a`, times three. */
function tripled(text: string): string {
  const [head, ...rows] = text.trim().split('\n')
  const scaled = rows.map((row) => {
    const [id, a, ...others] = row.split(',')
    return [id, Number(a) * 3, ...others].join(',')
  })
  return `${[head, ...scaled].join('\n')}\n`
}

describe('training data beside those of the base branch', { timeout: 60_000 }, () => {
  it('are not compared on the base branch as it stands', async () => {
    const { offline, model, said } = await topic()
    expect(await changesOf(offline, model)).toBeUndefined()
    expect(said).toContain(
      'The training data are compared with no other branch: this is the default branch, or none is known.',
    )
  })

  it('are compared with its files in git, and again from the profile beside the record', async () => {
    const { root, passed, offline, model, change } = await topic()
    await change(tripled)
    const [base, ...others] = (await changesOf(offline, model))!
    expect(others).toEqual([])
    expect(base).toMatchObject({ since: 'base', name: 'main', compared: 2, reference: { rows: 1000 } })
    expect(base!.changed.map(({ name, reason }) => [name, reason])).toEqual([
      ['a', expect.stringMatching(/outside the range that a has in the data of main\.$/)],
    ])
    const [facts] = base!.summaries!
    expect(facts!.after.mean! / facts!.before.mean!).toBeCloseTo(3, 3)

    const record = join(root, '.modelyard/toy/validation.json')
    const dirty = expect.stringContaining('with changed files')
    expect(await replay(offline, { record, model: 'model.yaml' })).toMatchObject({ same: true, notes: [dirty] })
    expect(await readFile(join(passed, 'modelyard-validation-toy/base-reference.json'), 'utf8')).toMatch(/profile\/v2/)
    await rm(join(root, '.modelyard/toy/base-reference.json'))
    const { same, notes } = await replay(offline, { record, model: 'model.yaml' })
    expect([same, notes[1]]).toEqual([true, dirty])
    expect(notes[0]).toMatch(
      /^The training data were not compared again with those of main; .* beside the validation record\.$/,
    )
  })

  it('name columns that came or went, personal ones by their name alone', async () => {
    const { root, offline, model, change } = await topic()
    const contract = [
      'apiVersion: v3.1.0',
      'kind: DataContract',
      'id: toy',
      'version: 1.0.0',
      'status: active',
      'schema:',
    ]
    const property = (name: string, more = '') => `      - { name: ${name}${more} }`
    const properties = [
      property('name', ', classification: pii'),
      property('id'),
      property('a'),
      property('b'),
      property('label'),
    ]
    await writeFile(
      join(root, 'toy.odcs.yaml'),
      `${[...contract, '  - name: toy', '    properties:', ...properties].join('\n')}\n`,
    )
    const withName = (text: string) => {
      const [head, ...rows] = text.trim().split('\n')
      return `${[`${head},name`, ...rows.map((row, index) => `${row},Planted${index % 3}`)].join('\n')}\n`
    }
    await change(withName)
    const told = { ...model, data: { ...model.data, contract: 'toy.odcs.yaml' } }
    const [base] = (await changesOf(offline, told))!
    expect(base).toMatchObject({ added: ['name'], lost: [], changed: [] })
    const left = await Promise.all(
      ['validation.json', 'base-reference.json', 'profile.json'].map((file) =>
        readFile(join(root, '.modelyard/toy', file), 'utf8'),
      ),
    )
    expect(left.join('')).not.toContain('Planted')
  })

  it('are kept without the values of a column that the contract marks as personal only now', async () => {
    const { root, offline, model, change } = await topic()
    const path = join(root, '.modelyard/toy/base-reference.json')
    await change(tripled)
    await changesOf(offline, model)
    const before = JSON.parse(await readFile(path, 'utf8')).summaries.find(({ name }: { name: string }) => name === 'a')
    expect(before).toMatchObject({ masked: false, max: expect.any(String) })

    await writeFile(
      join(root, 'toy.odcs.yaml'),
      `apiVersion: v3.1.0
kind: DataContract
id: toy
version: 1.0.0
status: active
schema:
- name: toy
  properties:
  - { name: A, classification: pii }
  - { name: b }
`,
    )
    const told = { ...model, data: { ...model.data, contract: 'toy.odcs.yaml' } }
    const [base] = (await changesOf(offline, told))!
    const text = await readFile(path, 'utf8')
    expect(base).toMatchObject({ compared: 1, reference: { sha256: sha256(text) } })
    const kept = JSON.parse(text)
    expect(kept.columns.map(({ name }: { name: string }) => name)).toEqual(['b'])
    expect(text).not.toContain(before.max)
  })

  it('are said to be the same where their bytes are, whatever else changed', async () => {
    const { root, offline, model } = await topic()
    await writeFile(join(root, 'train.sh'), '# something else\n')
    const profile = await readFile(join(root, '.modelyard/toy/profile.json'), 'utf8')
    expect(await changesOf(offline, model)).toMatchObject([
      { since: 'base', compared: 2, changed: [], reference: { sha256: sha256(profile) } },
    ])
  })

  it('are refused where they are not those that were checked, as when a merge makes others than its shards did', async () => {
    const { root, model } = await topic()
    const profile = JSON.parse(await readFile(join(root, '.modelyard/toy/profile.json'), 'utf8'))
    const references = [{ since: 'base' as const, name: 'main', known: { profile, digest: 'd'.repeat(64) } }]
    await expect(compareTrainingData(model, references, { sha256: 'e'.repeat(64), rows: 1000 })).rejects.toThrow(
      /^The training data of toy that lie here have another digest \([0-9a-f]{12}\) than those that were checked \(e{12}\)\./,
    )
  })

  it('say why where GitHub knows of no run, and where neither GitHub nor the checkout knows the branch', async () => {
    const { context, offline, model, change } = await topic()
    await change(tripled)
    const into = (base: string) => ({ run: { ...context.run, event: 'pull_request', base } })
    const reasonOf = async (given: StepContext) => {
      const [base] = (await changesOf(given, model))!
      expect(base).toMatchObject({ since: 'base', reference: null, compared: 0 })
      return base!.reason
    }
    expect(await reasonOf({ ...context, ...into('main') })).toBe(
      'Nothing is known of the data of main. No run of main left a profile of them, or GitHub does not keep it any more.',
    )
    expect(await reasonOf({ ...offline, ...into('release') })).toBe(
      'Nothing is known of the data of release. Without a token, GitHub is not asked for what its runs left. This checkout has no commit of release: with fetch-depth: 0, actions/checkout brings it.',
    )
  })

  it('say why where git keeps pointers of them, or nothing', async () => {
    const { root, offline, model, change } = await topic()
    const whole = await readFile(join(root, 'data/train.csv'), 'utf8')
    const kept = async (write: () => Promise<unknown>) => {
      await write()
      await git(root, 'commit', '--quiet', '--all', '--message', 'Keep data elsewhere')
      await git(root, 'push', '--quiet', 'origin', 'HEAD:main')
      await change(() => whole).catch(() => writeFile(join(root, 'data/train.csv'), whole))
      const [base] = (await changesOf({ ...offline, run: { ...offline.run, base: 'main' } }, model))!
      return base!.reason
    }
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 9\n`
    expect(await kept(() => change(() => pointer))).toMatch(
      /Git keeps only pointers of the training data of main \(Git LFS: data\/train\.csv\)\.$/,
    )
    expect(await kept(() => git(root, 'rm', '--quiet', '--force', 'data/train.csv'))).toMatch(
      /Git does not keep the training data of main \(data\/train\.csv\)\.$/,
    )
  })

  it('are compared with what the newest run of the base branch left', async () => {
    const { root, offline, model, change, said } = await topic()
    const published = await Promise.all(
      ['validation.json', 'profile.json'].map(async (name) => [
        name,
        await readFile(join(root, '.modelyard/toy', name), 'utf8'),
      ]),
    )
    await change(tripled)
    const run = { ...offline.run, event: 'pull_request', base: 'main' }
    const files = Object.fromEntries(published) as Record<string, string>
    expect(await changesOf({ ...offline, run, github: answering(zip(files)) }, model)).toMatchObject([
      { since: 'base', name: 'main', reference: { sha256: sha256(files['profile.json']!) }, changed: [{ name: 'a' }] },
    ])
    expect(said).toContain('What main has is what its run 7 found')

    const other = { ...JSON.parse(files['profile.json']!), rows: 1 }
    const [base] = (await changesOf(
      {
        ...offline,
        run: { ...run, base: 'gone' },
        github: answering(zip({ ...files, 'profile.json': canonicalJson(other) })),
      },
      model,
    ))!
    expect(base!.reason).toMatch(/What run 7 of gone left cannot be read: its profile is not the one of its record\./)
  })
})

/** A GitHub on which the branches `main` and `gone` have one run that left this archive, and which answers nothing else. */
function answering(archive: Buffer): GitHub {
  const artifact = (head_branch: string) => ({
    ...{ id: 9, name: 'modelyard-validation-toy', size_in_bytes: archive.length, expired: false },
    workflow_run: { id: 7, head_branch, repository_id: 1, head_repository_id: 1 },
  })
  const artifacts = ['main', 'gone', 'main'].map(artifact)
  // A fork's branch of the same name, whose run is newer.
  artifacts[2]!.id = 12
  artifacts[2]!.workflow_run.head_repository_id = 2
  return connect({
    token: 't',
    repository: 'acme/models',
    apiUrl: 'http://github.test',
    fetch: async (input) => {
      const { pathname } = new URL(String(input))
      const answer = pathname.endsWith('/actions/artifacts/9/zip')
        ? new Response(new Uint8Array(archive))
        : pathname.endsWith('/actions/artifacts')
          ? Response.json({ total_count: artifacts.length, artifacts })
          : Response.json({ message: 'Not Found' }, { status: 404 })
      return Object.defineProperty(answer, 'url', { value: String(input) })
    },
  })
}

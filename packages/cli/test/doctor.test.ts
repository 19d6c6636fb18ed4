import { advanceRef, at, createCommit, createTree } from '@modelyard/github'
import { openWorld, toyModel, type World, writeModel } from '@modelyard/scenarios'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommandLine } from '../src/command-line.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ workflows: ['pull-request.yml', 'release.yml', 'promote.yml'] })
  await writeModel(world.clone, toyModel('toy'))
  await world.push('Begin [skip ci]')
})
afterAll(() => world.close())

async function doctor(env: Record<string, string> = {}, isTTY = false) {
  let out = ''
  const code = await runCommandLine(['doctor'], {
    stdout: { write: (text) => (out += text), isTTY },
    stderr: { write: () => {} },
    env,
    cwd: () => world.clone,
  })
  return { code, out }
}

const as = (token: string) => ({
  GITHUB_TOKEN: token,
  GITHUB_REPOSITORY: world.repository,
  GITHUB_API_URL: world.local.apiUrl,
})

describe('doctor', () => {
  it('finds what is wrong on GitHub, says what it could not look at, and ends well once it is mended', async () => {
    const before = await doctor(as(world.ada.token))
    expect(before.code).toBe(1)
    expect(before.out).toContain(`environments
  ✗ There is no environment production: deploy refuses, because nobody would be asked.
    Make it under Settings → Environments → production, with required reviewers`)
    expect(before.out).toContain('✓ Every action may run.')
    const { out } = await doctor(as(world.local.createJobToken(world.repository, { contents: 'read' })))
    expect(out).toContain('! Could not look at whether actions may run: the token lacks "administration: read"')

    const { octokit } = world.ada.github
    const { data: rita } = await octokit.rest.users.getByUsername({ username: 'rita' })
    for (const [name, reviewers] of [
      ['production', [{ type: 'User' as const, id: rita.id }]],
      ['production-rollback', []],
    ] as const) {
      await octokit.rest.repos.createOrUpdateEnvironment({
        ...at(world.ada.github),
        environment_name: name,
        reviewers: [...reviewers],
        prevent_self_review: true,
        deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
      })
    }
    const after = await doctor(as(world.ada.token))
    expect(after.code).toBe(0)
    expect(after.out).toContain('✓ production waits for its reviewers.')
    expect(after.out).toMatch(/\d+ well, \d+ to look at, 0 wrong\.\n$/)
  })

  it('tells of an entry of the log whose tag was never made', async () => {
    const { github } = world.ada
    const event = {
      schema: 'https://modelyard.dev/event/v1',
      type: 'assignment',
      model: 'toy',
      version: 'v1.0.0',
      tag: { name: 'toy#staging#1', object: 'a'.repeat(40) },
      commit: 'c'.repeat(40),
      time: '2026-03-01T12:00:00Z',
      actor: 'ada',
      stage: 'staging',
      reason: '',
    }
    const changes = [{ path: 'event.json', content: JSON.stringify(event) }]
    const tree = await createTree(github, { base: null, changes })
    const message = `toy v1.0.0 is in staging\n\nModel: toy\nTag: ${event.tag.name}\nCommit: ${event.commit}\n`
    const to = await createCommit(github, { message, tree, parents: [] })
    await advanceRef(github, { ref: 'refs/modelyard/toy', from: null, to })
    expect((await doctor(as(world.ada.token))).out).toContain(
      `! toy#staging#1 is announced in the log of toy, and the tag is not there yet.
    The next event of toy finishes it first; or let it be done now. modelyard registry doctor --mend does it.`,
    )
  })

  it('looks at the files alone without a token, and in colour on a terminal', async () => {
    const { code, out } = await doctor()
    expect(code).toBe(0)
    expect(out).toContain('✓ Modelyard reads toy (model.yaml).')
    expect(out).toContain(
      '! The workflows use what can be moved under them: actions/checkout@v6, modelyard/modelyard/actions/',
    )
    expect(out).toMatch(/! Could not look at repository, Actions settings, .*: there is no token/)
    expect((await doctor({}, true)).out).toContain('\u001b[32m✓\u001b[39m')
  })

  it('ends with 4 where GitHub does not take the token, with what the files say', async () => {
    const { code, out } = await doctor(as('wrong'))
    expect(code).toBe(4)
    expect(out).toContain('✓ Modelyard reads toy (model.yaml).')
    expect(out).toContain('GitHub does not accept the token, so it could not read the repository.')
  })
})

import { execFileSync } from 'node:child_process'
import { get } from 'node:http'
import { performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { createFixture } from './fixture.ts'

const { github, git, gitDir } = await createFixture()
const { token } = await github.createUser('ann')
const head = await git('rev-parse', 'HEAD')

async function ask(method: string, path: string, body?: object, authorization = `token ${token}`) {
  const init = { method, headers: { authorization }, ...(body && { body: JSON.stringify(body) }) }
  const response = await fetch(`${github.apiUrl}${path}`, init)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const write = (path: string, text: string) =>
  ask('PUT', `/repos/acme/model/contents/${path}`, { message: 'm', content: Buffer.from(text).toString('base64') })

describe('an address', () => {
  it('is a path of this server’s, whatever it begins with', async () => {
    for (const path of ['//%zz', '//example.com/x', '/%E0%A4%A']) {
      const { port } = new URL(github.url)
      const status = await new Promise((resolve, reject) => {
        const asked = get({ host: '127.0.0.1', port, path }, (answer) => resolve(answer.resume().statusCode))
        asked.on('error', reject)
      })
      expect(status, path).toBe(404)
    }
  })
})

describe('a number in a path', () => {
  it('is written in digits alone', async () => {
    await ask('POST', '/repos/acme/model/issues', { title: 'One' })
    expect((await ask('GET', '/repos/acme/model/issues/1')).status).toBe(200)
    for (const text of ['0x1', '1.0', '%201', '1e0', '-1']) {
      expect((await ask('GET', `/repos/acme/model/issues/${text}/comments`)).status, text).toBe(404)
    }
  })
})

describe('Authorization', () => {
  it('takes a token in the ways that GitHub knows', async () => {
    const basic = Buffer.from(`ann:${token}`).toString('base64')
    for (const header of [`token ${token}`, `bearer ${token}`, `Bearer  ${token}`, `Basic ${basic}`])
      expect((await ask('GET', '/user', undefined, header)).status, header).toBe(200)
  })

  it('refuses every other, and does not take who asks for nobody', async () => {
    for (const header of [`Foo ${token}`, `Bearer ${token} extra`, token, 'Bearer', `Token token="${token}"`]) {
      const { status, body } = await ask('GET', '/repos/acme/model', undefined, header)
      expect([status, body.message], header).toEqual([401, 'Bad credentials'])
    }
  })
})

describe('the name of a branch', () => {
  it('is not read as a revision', async () => {
    const path = '/repos/acme/model'
    const content = { message: 'm', content: 'aGk=' }
    for (const branch of ['main~0', 'main^', 'main@{0}', `main-0-g${head.slice(0, 10)}`]) {
      expect((await ask('PUT', `${path}/contents/a`, { ...content, branch })).status, branch).toBe(404)
      expect((await ask('POST', `${path}/merges`, { base: branch, head: 'main' })).status, branch).toBe(404)
      expect((await ask('POST', `${path}/pulls`, { title: 'x', head: branch, base: 'main' })).status, branch).toBe(422)
      expect((await ask('GET', `${path}/git/ref/heads/${encodeURIComponent(branch)}`)).status, branch).toBe(404)
    }
  })

  it('has no zero byte', async () => {
    expect((await ask('GET', '/repos/acme/model/git/matching-refs/%00')).status).toBe(404)
    expect((await ask('GET', '/repos/acme/model/commits?sha=%00')).status).toBe(404)
  })
})

describe('a long line', () => {
  const LENGTH = 150_000

  async function seconds(work: () => Promise<void>): Promise<number> {
    const start = performance.now()
    await work()
    return (performance.now() - start) / 1000
  }

  it('of CODEOWNERS is read quickly', async () => {
    const lines = ['['.repeat(LENGTH), `* a@${'.'.repeat(LENGTH)}@`, `${'/'.repeat(LENGTH)}x @ann`]
    await write('CODEOWNERS', lines.join('\n'))
    const taken = await seconds(async () => {
      const { body } = await ask('GET', '/repos/acme/model/codeowners/errors')
      expect(body.errors).toMatchObject([{ line: 2, kind: 'Invalid owner' }])
    })
    expect(taken).toBeLessThan(3)
  })

  it('of an author’s name is read quickly', async () => {
    const { body } = await ask('GET', `/repos/acme/model/git/commits/${head}`)
    const name = `a${'.'.repeat(LENGTH)}x`
    const author = { name, email: 'a@example.com' }
    const taken = await seconds(async () => {
      const made = await ask('POST', '/repos/acme/model/git/commits', {
        ...{ message: 'm', tree: (body.tree as { sha: string }).sha, author },
      })
      expect(made.body.author).toMatchObject({ name })
    })
    expect(taken).toBeLessThan(3)
  })

  it('of a pushed commit or tag is read quickly, although it names nobody', async () => {
    const make = (type: string, lines: string[]) => {
      const args = ['hash-object', '-t', type, '-w', '--stdin', '--literally']
      return execFileSync('git', args, { cwd: gitDir, input: `${lines.join('\n')}\n\nm\n` })
        .toString()
        .trim()
    }
    const nobody = ' <'.repeat(LENGTH / 2)
    const tree = await git('rev-parse', 'HEAD^{tree}')
    const commit = make('commit', [`tree ${tree}`, `author ${nobody}`, `committer ${nobody}`])
    const tag = make('tag', [`object ${head}`, 'type commit', 'tag v0', `tagger ${nobody}`])
    const taken = await seconds(async () => {
      expect((await ask('GET', `/repos/acme/model/git/commits/${commit}`)).body.sha).toBe(commit)
      expect((await ask('GET', `/repos/acme/model/git/tags/${tag}`)).body.sha).toBe(tag)
    })
    expect(taken).toBeLessThan(3)
  })

  it('of .gitmodules is read quickly', async () => {
    const odd = `path = a${' '.repeat(LENGTH)}b\n`
    const content = `[submodule "odd"]\n\t${odd}[submodule "lib"]\n\tpath = lib\n\turl = https://example.com/lib.git?a=b\n`
    const module = { path: 'lib', mode: '160000', type: 'commit', sha: head }
    const tree = [{ path: '.gitmodules', mode: '100644', type: 'blob', content }, module]
    const { body: made } = await ask('POST', '/repos/acme/model/git/trees', { tree })
    const { body: commit } = await ask('POST', '/repos/acme/model/git/commits', { message: 'm', tree: made.sha })
    const taken = await seconds(async () => {
      const { body } = await ask('GET', `/repos/acme/model/contents/lib?ref=${commit.sha}`)
      expect(body.submodule_git_url).toBe('https://example.com/lib.git?a=b')
    })
    expect(taken).toBeLessThan(3)
  })
})

import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './browser.ts'
import { createFixture } from './fixture.ts'

const fixture = await createFixture()
const { github, octokit, push, write } = fixture
const at = { owner: 'acme', repo: 'model' }

describe('the pages', () => {
  it('show a pull request’s report without what could do harm', async () => {
    await push('Page', 'page')
    const { data: pull } = await octokit.pulls.create({ ...at, title: '<b>Title</b>', head: 'page', base: 'main' })
    const body =
      '### ✅ good\n\n| a | b |\n|--|--:|\n| 1 | 2 |\n\n<script>alert(1)</script><img src="data:x" onerror="x"><details><summary>More</summary>x</details>'
    await octokit.issues.createComment({ ...at, issue_number: pull.number, body })
    const page = (await github.renderPage(`/acme/model/pull/${pull.number}`))!
    expect(page).toContain('&#60;b&#62;Title')
    expect(page).toContain('<td align="right">2</td>')
    expect(page).toContain('<details><summary>More</summary>')
    expect(page).not.toMatch(/<script|onerror|data:x/)
    // The style is no text to be escaped, and has a dark side.
    expect(page).toMatch(
      /font: 14px\/1\.5 -apple-system, 'Segoe UI'.*prefers-color-scheme: dark|prefers-color-scheme: dark.*'Segoe UI'/s,
    )
    const response = await fetch(`${github.url}/acme/model/pull/${pull.number}`)
    const main = page.slice(page.indexOf('<main>'))
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(main)])
  })

  it('show releases and their files, deployments, runs and the repository', async () => {
    const release = (
      await octokit.repos.createRelease({ ...at, tag_name: 'm@v1.0.0', name: 'm v1.0.0', body: '**Better**' })
    ).data
    await octokit.request({ method: 'POST', url: release.upload_url, name: 'model.onnx', data: 'bytes' } as never)
    const again = (await octokit.repos.getRelease({ ...at, release_id: release.id })).data
    expect(await (await fetch(again.assets[0]!.browser_download_url)).text()).toBe('bytes')
    expect(await (await fetch(again.html_url)).text()).toContain('<strong>Better</strong>')
    for (const path of ['', '/pulls', '/releases', '/deployments', '/actions']) {
      expect((await fetch(`${github.url}/acme/model${path}`)).status, path).toBe(200)
    }
    expect((await fetch(`${github.url}/acme/none`)).status).toBe(404)
    expect(await github.renderPage('/acme/model/pull/99')).toBeUndefined()
  })

  it('lead from the list of repositories to an issue, and from a page that is not there to that list', async () => {
    const { data: issue } = await octokit.issues.create({ ...at, title: 'Too slow', body: '**why**' })
    await octokit.issues.createComment({ ...at, issue_number: issue.number, body: 'Because.' })
    await github.createRepository('acme/hidden', { owner: 'ann', private: true })
    const text = async (path: string) => (await fetch(`${github.url}${path}`)).text()
    expect(await text('/')).toContain('<a href="/acme/model">acme/model</a>')
    expect(await text('/')).not.toContain('acme/hidden')
    expect(await text('/acme/model/issues')).toContain(`/acme/model/issues/${issue.number}`)
    expect(await text(`/acme/model/issues/${issue.number}`)).toMatch(/Too slow.*<strong>why<\/strong>.*Because\./s)
    const missing = await fetch(`${github.url}/acme/hidden`)
    expect([missing.status, await missing.text()]).toEqual([
      404,
      expect.stringContaining('<a href="/">repositories</a>'),
    ])
  })
})

const REPORT = `### 🔴 flight-delay v1.3.0 would not be better

> [!WARNING]
> 3 slices lost.

| Metric | Champion | Candidate |
|--|--:|--:|
| AUC | 0.81 | 0.79 |

\`\`\`mermaid
graph LR
  Data --> Model
\`\`\`

<details><summary>More</summary>

- [x] read :eyes: by @bob, see #1

</details>
<script>document.title = 'broken'</script><img src="data:image/svg+xml,x" onerror="document.title='broken'">
<a href="javascript:document.title='broken'">here</a>`

describe('what strangers have uploaded', () => {
  const asFile = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" }
  const headersOf = async (url: string) => Object.fromEntries((await fetch(url)).headers)

  it('is saved by a browser and never shown as a page of this server', async () => {
    const { data: release } = await octokit.repos.createRelease({ ...at, tag_name: 'html' })
    const headers = { 'content-type': 'text/html' }
    const html = { name: 'page.html', data: '<script>alert(1)</script>', headers }
    const { data } = await octokit.request({ method: 'POST', url: release.upload_url, ...html } as never)
    const { browser_download_url: url } = data as { browser_download_url: string }
    expect(await headersOf(url)).toMatchObject({ ...asFile, 'content-disposition': 'attachment' })
    expect(await headersOf(`${github.url}/acme/model/raw/main/README.md`)).toMatchObject(asFile)
  })
})

describe('markdown that keeps a parser busy for minutes, or is nested too deeply', () => {
  const hostile = ['*a_'.repeat(21_845), '<div>'.repeat(13_000)]

  it('is shown as it was written, and the server answers meanwhile', { timeout: 30_000 }, async () => {
    await push('Hostile', 'hostile')
    const { data: pull } = await octokit.pulls.create({ ...at, title: 'Hostile', head: 'hostile', base: 'main' })
    for (const body of hostile) await octokit.issues.createComment({ ...at, issue_number: pull.number, body })
    await octokit.issues.createComment({ ...at, issue_number: pull.number, body: '**Harmless**' })
    const page = github.renderPage(`/acme/model/pull/${pull.number}`)
    const waits: number[] = []
    let isThere = false
    void page.finally(() => {
      isThere = true
    })
    while (!isThere) {
      const before = performance.now()
      await octokit.repos.get(at)
      waits.push(performance.now() - before)
    }
    expect(Math.max(...waits)).toBeLessThan(1500)
    const text = (await page)!
    expect(text).toContain(`<pre>${'*a_'.repeat(21_845)}</pre>`)
    expect(text).toContain('<strong>Harmless</strong>')
  })
})

it('another name that leads to this machine is refused', async () => {
  const statusAt = (host: string) =>
    new Promise((resolve, reject) =>
      get(`${github.url}/login`, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)).on(
        'error',
        reject,
      ),
    )
  for (const host of ['127.0.0.1', 'localhost:1', '[::1]']) expect(await statusAt(host), host).toBe(200)
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'a b']) expect(await statusAt(host), host).toBe(421)
})

it('links of a text lead to its own footnotes', async () => {
  const body = 'So[^1]\n\n[^1]: it is'
  const { data: release } = await octokit.repos.createRelease({ ...at, tag_name: 'notes', body })
  const page = await (await fetch(release.html_url)).text()
  for (const id of ['user-content-fn-1', 'user-content-fnref-1']) {
    expect(page).toContain(`href="#${id}"`)
    expect(page).toContain(`id="${id}"`)
  }
})

describe('in a browser', { timeout: 60_000 }, () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>

  beforeAll(async () => {
    browser = await openBrowser()
  }, 60_000)
  afterAll(() => browser?.close())

  it('a report is shown as GitHub shows it: tables, alerts, diagrams, and nothing that could do harm', async () => {
    await push('Report', 'report')
    const { data: pull } = await octokit.pulls.create({ ...at, title: 'Report', head: 'report', base: 'main' })
    await octokit.issues.createComment({ ...at, issue_number: pull.number, body: REPORT })
    const page = await browser.newPage()
    const wrong: string[] = []
    page.on('pageerror', (error) => wrong.push(error.message))
    await page.goto(pull.html_url)
    await page.waitForSelector('pre.mermaid svg')
    expect(await page.textContent('pre.mermaid svg')).toContain('Model')
    expect(await page.textContent('.markdown-alert')).toContain('3 slices lost.')
    expect(await page.locator('.markdown td').allTextContents()).toEqual(['AUC', '0.81', '0.79'])
    await page.click('summary')
    expect(await page.locator('.markdown li').textContent()).toContain('read 👀 by @bob')
    expect(await page.locator('.markdown img[src], .markdown script, a[href^=javascript]').count()).toBe(0)
    expect(await page.title()).toMatch(/^Report/)
    expect(wrong).toEqual([])
    if (process.env.LOCAL_GITHUB_SCREENSHOT)
      await page.screenshot({ path: process.env.LOCAL_GITHUB_SCREENSHOT, fullPage: true })
  })

  it('a deployment is rejected or approved in the review box, by who is asked to', async () => {
    const bob = await github.createUser('bob')
    const { data } = await octokit.users.getByUsername({ username: 'bob' })
    const reviewers = [{ type: 'User' as const, id: data.id }]
    await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'production', reviewers })
    const steps = '[{ run: echo "## Shipped" >> "$GITHUB_STEP_SUMMARY" }]'
    const job = `{ ship: { runs-on: ubuntu-latest, environment: production, steps: ${steps} } }`
    await write('.github/workflows/ship.yml', `on: workflow_dispatch\njobs: ${job}\n`)
    await push('Ship')
    const dispatch = async () => {
      await octokit.actions.createWorkflowDispatch({ ...at, workflow_id: 'ship.yml', ref: 'main' })
      await github.idle()
      return (await octokit.actions.listWorkflowRunsForRepo(at)).data.workflow_runs[0]!
    }
    const run = await dispatch()
    const page = await browser.newPage()
    await page.goto(run.html_url)
    expect(await page.locator('button').count()).toBe(0)
    await page.click('text=Sign in')
    await page.fill('input[name=token]', bob.token)
    await page.click('button')
    await page.goto(run.html_url)
    await page.fill('textarea', 'Looks good')
    await page.click('text=Approve and deploy')
    await github.idle()
    await page.reload()
    expect(await page.textContent('main')).toMatch(/bob approved production\s*Looks good[\s\S]*Shipped/)
    const second = await dispatch()
    await page.goto(second.html_url)
    await page.click('text=Reject')
    await github.idle()
    const { data: ended } = await octokit.actions.getWorkflowRun({ ...at, run_id: second.id })
    expect(ended.conclusion).toBe('failure')
  })

  it('forms of other places are not taken, and a job’s token is nobody', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://127.0.0.1:1' }
    const answer = await fetch(`${github.url}/login`, { method: 'POST', headers, body: 'token=x' })
    expect(answer.status).toBe(403)
    const own = { ...headers, origin: github.url }
    const refused = await fetch(`${github.url}/login`, { method: 'POST', headers: own, body: 'token=ghs_x' })
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([422, null])
  })
})

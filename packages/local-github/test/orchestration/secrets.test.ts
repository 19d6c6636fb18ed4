import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from './support.ts'

const fixture = await createFixture()
const { octokit, github, owner, repo, root } = fixture
const { at, pushWorkflows, outcomes, logOf } = createStory(fixture)

const TOKEN = 'hush-$HOME "hush" \u0085\u2028 \\n é'
const secrets = { TOKEN, SHORT: 'abc', LONG: 'abcdef', KEY: 'first line\nsecond line' }
for (const [name, value] of Object.entries(secrets)) github.setSecret(`${owner}/${repo}`, name, value)

const WORKFLOW = `name: secrets
on: push
permissions: { id-token: write }
jobs:
  tell:
    runs-on: ubuntu-latest
    environment: { name: live, url: 'https://example.com/\${{ env.SHORT }}' }
    env: { SHORT: '\${{ secrets.SHORT }}', TOKEN: '\${{ secrets.TOKEN }}', LONG: '\${{ secrets.LONG }}', KEY: '\${{ secrets.KEY }}' }
    steps:
      - run: |
          echo "1 <$LONG>"
          echo "2 <$(echo "$KEY" | tail -n 1)>"
          echo "3 <$(printf %s "$TOKEN" | base64 -w 0)>"
          echo "4 $(printf %s "$TOKEN" | od -An -v -tx1 | tr -d ' \\n')"
          echo "5 $(cat /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -c "hush-[$]HOME")"
          echo "6 <$ACTIONS_RUNTIME_TOKEN>"
          echo "::error title=$LONG,file=$LONG::$LONG"
          echo "7 $ACTIONS_ID_TOKEN_REQUEST_URL" "$(echo "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" | tr . ' ')"
`

it('reach the job as they are, and nobody else by what the job shows', async () => {
  await pushWorkflows({ 'secrets.yml': WORKFLOW }, 'secrets')
  const { jobs, conclusions } = await outcomes('secrets')
  expect(conclusions).toEqual({ tell: 'success' })
  const log = await logOf(jobs[0]!.id)
  const lineOf = (number: number) => new RegExp(`Z ${number} (.*)`).exec(log)?.[1]
  expect([1, 2, 3].map(lineOf)).toEqual(['<***>', '<***>', '<***>'])
  expect(lineOf(4)).toBe(Buffer.from(TOKEN).toString('hex'))
  expect(lineOf(5)).toBe('0')
  expect(lineOf(6)).toBe('<***>')

  const { data: annotations } = await octokit.checks.listAnnotations({ ...at, check_run_id: jobs[0]!.id })
  expect(annotations).toMatchObject([
    { title: '***', path: '***', message: '***' },
    { message: "Skip setting environment url as environment 'live' may contain secret." },
  ])
  expect(JSON.stringify(annotations)).not.toContain('abc')
  const { data: deployments } = await octokit.repos.listDeployments({ ...at, environment: 'live' })
  const { data: statuses } = await octokit.repos.listDeploymentStatuses({ ...at, deployment_id: deployments[0]!.id })
  expect(statuses[0]).toMatchObject({ state: 'success', environment_url: '' })

  const [url, ...parts] = lineOf(7)!.split(' ')
  expect((await fetch(url!, { headers: { authorization: `Bearer ${parts.join('.')}` } })).status).toBe(401)
})

it('are, as all that the server remembers, in files of whoever started it', async () => {
  const modes = ['server', 'server/local-github.sqlite'].map(
    async (path) => (await stat(join(root, path))).mode & 0o777,
  )
  expect(await Promise.all(modes)).toEqual([0o700, 0o600])
})

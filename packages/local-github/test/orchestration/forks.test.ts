import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from './support.ts'

const fixture = await createFixture()
const { octokit, github, git } = fixture
const { at, jobsOf, pushWorkflows, outcomes, logOf, setSecret } = createStory(fixture)

/** A workflow that shows what it sees, where it runs, and whether it may open an issue. */
const showing = (event: string) => `name: ${event}
on: ${event}
permissions: { issues: write, contents: read, id-token: write }
jobs:
  show:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "secret=[\${{ secrets.KEY }}] place=[\${{ vars.PLACE }}] at $GITHUB_REF $GITHUB_SHA oidc=[$ACTIONS_ID_TOKEN_REQUEST_URL]"
          curl -s -o /dev/null -w 'answered %{http_code}' -H "authorization: Bearer \${{ github.token }}" -d '{"title":"x"}' \\
            "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues"
`

it('a fork’s pull request runs once approved, reads only and sees no secrets; pull_request_target runs the base', async () => {
  await setSecret('KEY', 'the-key')
  await octokit.actions.createRepoVariable({ ...at, name: 'PLACE', value: 'here' })
  await pushWorkflows({ 'pull.yml': showing('pull_request'), 'target.yml': showing('pull_request_target') })
  const carla = await fixture.as('carla')
  await carla.repos.createFork(at)
  const base = await git('rev-parse', 'main')
  const fork = { owner: 'carla', repo: at.repo }
  await carla.git.createRef({ ...fork, ref: 'refs/heads/idea', sha: base })
  const path = '.github/workflows/target.yml'
  const { data: file } = await carla.repos.getContent({ ...fork, path, ref: 'idea' })
  await carla.repos.createOrUpdateFileContents({
    ...{ ...fork, path, branch: 'idea', message: 'Take over', sha: (file as { sha: string }).sha },
    content: Buffer.from(showing('pull_request_target').replace('echo', 'echo pwned;')).toString('base64'),
  })
  const { data: pull } = await carla.pulls.create({ ...at, title: 'Idea', head: 'carla:idea', base: 'main' })

  const target = await outcomes('pull_request_target')
  expect(target.run).toMatchObject({ conclusion: 'success' })
  const trusted = await logOf(target.jobs[0]!.id)
  expect(trusted).toContain(`secret=[***] place=[here] at refs/heads/main ${base} oidc=[http`)
  expect(trusted).toContain('answered 201')
  expect(trusted).not.toContain('pwned')

  const waiting = await outcomes('pull_request')
  expect(waiting.run.conclusion).toBe('action_required')
  expect(waiting.jobs).toEqual([])
  await octokit.actions.approveWorkflowRun({ ...at, run_id: waiting.run.id })
  await github.idle()
  const [job] = await jobsOf(waiting.run.id)
  const untrusted = await logOf(job!.id)
  expect(untrusted).toContain(`secret=[] place=[] at refs/pull/${pull.number}/merge`)
  expect(untrusted).toContain('oidc=[]')
  expect(untrusted).toContain('answered 403')
}, 30_000)

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRunFacts } from '../src/environment.ts'

function facts(event: string, payload: object, ref = 'refs/heads/main') {
  const path = join(mkdtempSync(join(tmpdir(), 'modelyard-event-')), 'event.json')
  writeFileSync(path, JSON.stringify(payload))
  return readRunFacts({
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: path,
    GITHUB_REPOSITORY: 'acme/models',
    GITHUB_REF: ref,
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_RUN_ID: '7',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_SERVER_URL: 'https://github.com',
  })
}

const repository = { default_branch: 'main', full_name: 'acme/models' }
const pull = (head: string | null) => ({
  repository,
  pull_request: {
    number: 3,
    head: { sha: 'b'.repeat(40), repo: head && { full_name: head } },
    base: { ref: 'release' },
  },
})

describe('the facts of a run', () => {
  it('name run, attempt and page', () => {
    expect(facts('push', { repository })).toMatchObject({
      id: '7',
      attempt: 2,
      url: 'https://github.com/acme/models/actions/runs/7',
    })
  })

  it.each([
    ['push', 'refs/heads/main', true],
    ['workflow_dispatch', 'refs/heads/main', true],
    ['schedule', 'refs/heads/main', true],
    ['push', 'refs/heads/topic', false],
    ['push', 'refs/tags/main', false],
    ['workflow_dispatch', 'refs/heads/topic', false],
    ['pull_request', 'refs/heads/main', false],
    ['pull_request_target', 'refs/heads/main', false],
    ['issue_comment', 'refs/heads/main', false],
  ])('trust %s on %s: %s', (event, ref, trusted) => {
    expect(facts(event, { repository }, ref).trusted).toBe(trusted)
  })

  it.each([
    ['push', 'refs/heads/main', { repository }, undefined],
    ['push', 'refs/heads/topic', { repository }, 'main'],
    ['push', 'refs/tags/v1', { repository }, undefined],
    ['push', 'refs/heads/topic', {}, undefined],
    ['pull_request', 'refs/pull/3/merge', pull('acme/models'), 'release'],
  ])('know the branch into which a %s on %s is to go', (event, ref, payload, base) => {
    expect(facts(event, payload, ref).base).toBe(base)
  })

  it('trust nothing where the event does not name the default branch', () => {
    expect(facts('push', {}).trusted).toBe(false)
  })

  it.each([
    ['acme/models', false],
    ['mallory/models', true],
    [null, true],
  ])('take a pull request from %s for a fork: %s', (head, fork) => {
    expect(facts('pull_request', pull(head)).pullRequest).toEqual({ number: 3, head: 'b'.repeat(40), fork })
  })

  it('name the run that is answered, as GitHub tells of it, and no pull request: the event has none', () => {
    const run = (repository: string | null) =>
      facts('workflow_run', {
        repository,
        workflow_run: {
          ...{
            id: 9,
            html_url: 'https://github.com/acme/models/actions/runs/9',
            event: 'pull_request',
          },
          ...{ head_sha: 'c'.repeat(40), head_branch: 'gift', pull_requests: [] },
          head_repository: repository && { full_name: repository },
        },
      })
    expect(run('mallory/models')).toMatchObject({
      id: '7',
      trusted: false,
      answers: {
        ...{ id: '9', url: 'https://github.com/acme/models/actions/runs/9', event: 'pull_request' },
        ...{ head: 'c'.repeat(40), branch: 'gift', headRepository: 'mallory/models' },
      },
    })
    expect(run('mallory/models').pullRequest).toBeUndefined()
    expect(run(null).answers?.headRepository).toBeNull()
  })
})

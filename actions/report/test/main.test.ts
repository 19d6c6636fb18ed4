import type { Context } from '@modelyard/action-kit'
import { describe, expect, it } from 'vitest'
import { main } from '../src/main.ts'

describe('the action report', () => {
  it('has no verdict where there is nothing to report on: a job that is green does not say fail', async () => {
    const said: string[] = []
    const context = {
      github: { owner: 'acme', repo: 'models' },
      run: {
        repository: 'acme/models',
        answers: {
          ...{ id: '42', url: 'https://github.test/acme/models/actions/runs/42', event: 'pull_request' },
          ...{ head: 'b'.repeat(40), branch: 'gift', headRepository: null },
        },
      },
      log: { info: (message: string) => said.push(message) },
    }
    const { outputs, failure } = await main({ token: '' }, context as unknown as Context)
    expect(outputs).toEqual({ verdict: '', reports: '[]', junit: '', json: '' })
    expect(failure).toBeUndefined()
    expect(said).toEqual([expect.stringMatching(/^Nothing is posted: no open pull request/)])
  })
})

import { connect, type GitHub } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { proveWait } from '../src/proof.ts'

interface Review {
  state: string
  environment: string
}

/** A GitHub that knows the reviews of one run. */
function withReviews(reviews: Review[]): GitHub {
  const answer = reviews.map(({ state, environment }) => ({
    ...{ state, comment: 'Looks good.' },
    environments: [{ name: environment }],
    user: { login: 'grace' },
  }))
  const fetch = async () => new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } })
  return connect({ token: 't', repository: 'acme/flights', apiUrl: 'http://127.0.0.1:1', fetch })
}

const token = (claims: object) => async () => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
const good = { environment: 'production', repository: 'acme/flights', run_id: '7' }
const asked = { environment: 'production', runId: 7 }
const approved = withReviews([{ state: 'approved', environment: 'Production' }])
const approvals = [{ user: 'grace', comment: 'Looks good.' }]

describe('proof that this job waited', () => {
  it('is the environment in the identity token, with who approved', async () => {
    expect(await proveWait(approved, { ...asked, oidc: token(good) })).toEqual({ proof: 'oidc', approvals })
    expect(await proveWait(withReviews([]), { ...asked, oidc: token(good) })).toEqual({ proof: 'oidc', approvals: [] })
  })

  it('is this run’s approvals where there is no identity token', async () => {
    expect(await proveWait(approved, asked)).toEqual({ proof: 'approvals', approvals })
  })

  it('is not asked of a stage without an environment', async () => {
    expect(await proveWait(withReviews([]), { environment: null, runId: 7 })).toEqual({
      proof: 'none-asked',
      approvals: [],
    })
  })

  it.each<[string, object, string]>([
    [
      'has no environment, though another job of the run was approved',
      { ...good, environment: undefined },
      'This job runs in no environment, not in production: add "environment: production" to the job.',
    ],
    [
      'runs in another environment',
      { ...good, environment: 'staging' },
      'This job runs in the environment staging, not in production: add "environment: production" to the job.',
    ],
    [
      'brings the token of another run',
      { ...good, run_id: '8' },
      'The identity token is of run 8 of acme/flights, not of run 7 of acme/flights: ask for one in the job that deploys.',
    ],
    [
      'brings the token of another repository',
      { ...good, repository: 'eve/flights' },
      'The identity token is of run 7 of eve/flights, not of run 7 of acme/flights: ask for one in the job that deploys.',
    ],
  ])('fails for a job that %s', async (_, claims, sentence) => {
    await expect(proveWait(approved, { ...asked, oidc: token(claims) })).rejects.toThrow(new UserError(sentence))
  })

  it.each([
    ['nobody approved', []],
    ['a reviewer rejected', [{ state: 'rejected', environment: 'production' }]],
    ['another environment was approved', [{ state: 'approved', environment: 'staging' }]],
  ])('fails without an identity token where %s', async (_, reviews) => {
    await expect(proveWait(withReviews(reviews), asked)).rejects.toThrow(
      new UserError(
        'Nobody approved this run for the environment production: add "environment: production" to the job, so that it waits for a reviewer.',
      ),
    )
  })

  it('fails for a token that cannot be read or had', async () => {
    await expect(proveWait(approved, { ...asked, oidc: async () => 'nonsense' })).rejects.toThrow(
      'The identity token that GitHub gave this job cannot be read.',
    )
    await expect(proveWait(approved, { ...asked, oidc: () => Promise.reject(new Error('no token')) })).rejects.toThrow(
      'no token',
    )
  })
})

import { request } from 'node:http'
import { expect, it } from 'vitest'
import { createFixture } from './fixture.ts'

const { github, octokit } = await createFixture()
const { token } = await github.createUser('ann')
const MB = 1024 * 1024

/** Sends so many bytes as JSON, in pieces whose sum is not told before unless `length` is given. */
function send(path: string, bytes: number, length?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `token ${token}`,
      ...(length === undefined ? {} : { 'content-length': length }),
    }
    const sent = request(`${github.apiUrl}${path}`, { method: 'POST', headers }, (answer) => {
      resolve(answer.resume().statusCode!)
      sent.destroy()
    })
    sent.on('error', reject)
    sent.write('{"title":"')
    for (let left = bytes; left > 0; left -= MB) sent.write('x'.repeat(MB))
    sent.end('"}')
  })
}

const issues = '/repos/acme/model/issues'

it('refuses a body that is too large to be read into memory, by its length and by what comes', async () => {
  expect(await send(issues, 0, 200 * MB)).toBe(413)
  expect(await send(issues, 20 * MB)).toBe(413)
  expect(await send('/repos/acme/model/git/blobs', 0, 200 * MB)).toBe(413)
  const { data } = await octokit.issues.create({ owner: 'acme', repo: 'model', title: 'Afterwards' })
  expect(data.number).toBe(1)
})

it('takes files of tens of megabytes', async () => {
  const content = 'x'.repeat(12 * MB)
  const { status } = await octokit.git.createBlob({ owner: 'acme', repo: 'model', content })
  expect(status).toBe(201)
})

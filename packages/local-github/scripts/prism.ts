// Sends what the tests of the operations send through Prism, which validates requests and answers by GitHub's whole
// description on its own. Usage: node packages/local-github/scripts/prism.ts [path of api.github.com.json]
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { downloadDescription } from './whole-description.ts'

const PRISM = '@stoplight/prism-cli@5.16.0'
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, '../../.cache/prism')
const program = join(folder, 'node_modules/.bin/prism')
const START_SECONDS = 60

if (!existsSync(program)) execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', PRISM])
const counts = { relayed: 0 }
const relay = await startRelay()
const port = 4610
const args = ['proxy', process.argv[2] ?? downloadDescription(), `${relay.url}/api/v3`, '--errors', '-p', String(port)]
const prism = spawn(program, args, { stdio: 'ignore' })
try {
  await untilUp(`http://127.0.0.1:${port}/rate_limit`)
  const tests = spawn('vitest', ['run', '--root', root, 'test/operations', '--no-file-parallelism'], {
    env: { ...process.env, LOCAL_GITHUB_THROUGH: `http://127.0.0.1:${port}` },
    stdio: 'inherit',
  })
  const [code] = (await once(tests, 'close')) as [number | null]
  console.log(`${counts.relayed} requests went through Prism.`)
  process.exitCode = code ?? 1
} finally {
  prism.kill()
  relay.close()
}

/** Each test has a server of its own, and Prism one upstream: a header names the port. */
async function startRelay(): Promise<{ url: string; close: () => void }> {
  const server = createServer((incoming, outgoing) => {
    const to = Number(incoming.headers['x-local-github-port'])
    if (!to) return void outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    counts.relayed++
    const { method, url, headers } = incoming
    const onward = request({
      host: '127.0.0.1',
      port: to,
      method,
      path: url,
      headers: { ...headers, host: `127.0.0.1:${to}` },
    })
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', (error) => outgoing.writeHead(502).end(error.message))
    incoming.pipe(onward)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() }
}

async function untilUp(url: string): Promise<void> {
  for (let second = 0; second < START_SECONDS; second++) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return
    await wait(1000)
  }
  throw new Error('Prism did not start.')
}

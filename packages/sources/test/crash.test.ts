import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Files, sendPart, serveFiles } from './support/files.ts'
import { filesIn } from './support/surroundings.ts'

const NAMES = ['a.csv', 'b.csv', 'c.csv', 'whole.csv']
const contents = new Map(NAMES.map((name, index) => [name, Buffer.alloc(3_000_000, `${index} ${name}\n`)]))

let server: Files
beforeAll(async () => {
  server = await serveFiles()
  for (const [name, content] of contents)
    server.files.set(`/${name}`, (response, range) => {
      const send = (part: Buffer) => sendSlowly(response, part)
      if (name !== 'whole.csv') return sendPart(response, content, range, { send })
      response.writeHead(200)
      send(range ? content.subarray(0, 1) : content)
    })
})
afterAll(() => server.close())

/** Slow enough that a process can be killed in the middle of it. */
async function sendSlowly(response: ServerResponse, content: Buffer): Promise<void> {
  for (const part of [0, 1, 2]) {
    const size = Math.ceil(content.length / 3)
    response.write(content.subarray(part * size, (part + 1) * size))
    await setTimeout(40)
  }
  response.end()
}

it('whatever moment a process is killed at, no file is half there, and the next run makes all whole', {
  timeout: 120_000,
}, async () => {
  const root = join(await mkdtemp(join(tmpdir(), 'modelyard-crash-')), 'repository')
  await mkdir(root)
  const wanted = NAMES.map((name) => ({ from: `https://data.example/${name}`, to: 'data/' }))
  const begin = () =>
    fork(join(import.meta.dirname, 'support/fetch-process.ts'), [server.url, root, JSON.stringify(wanted)])
  const lookAt = async () => {
    const names = (await filesIn(root)).filter((name) => !name.endsWith('.part'))
    for (const name of names) {
      const content = await readFile(join(root, name))
      expect(content.equals(contents.get(name.slice('data/'.length))!), name).toBe(true)
    }
    return names
  }
  for (const requests of [1, 3, 5, 7, 9]) {
    const killed = begin()
    const before = server.asked.length
    const ended = once(killed, 'exit')
    while (server.asked.length < before + requests && killed.exitCode === null) await setTimeout(5)
    killed.kill('SIGKILL')
    await ended
    await lookAt()
  }
  expect(await once(begin(), 'exit')).toEqual([0, null])
  expect(await lookAt()).toHaveLength(NAMES.length)
  expect(await filesIn(root)).toEqual(NAMES.map((name) => `data/${name}`))
})

import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { commandTarget } from '../src/targets/command.ts'
import { directoryTarget } from '../src/targets/directory.ts'
import type { DeploymentRequest } from '../src/targets/target.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'targets-'))
})

async function request(version: string, content: string): Promise<DeploymentRequest> {
  const path = join(folder, `${version}.onnx`)
  await writeFile(path, content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { model: 'flight/delay', stage: 'production', version, sha256, path, replaces: null }
}

describe('a directory as a target', () => {
  it('serves nothing at first, then what was deployed, and keeps the versions before', async () => {
    const root = join(folder, 'srv')
    const target = directoryTarget(root, 'flight/delay')
    expect(await target.status()).toEqual({ sha256: null, version: null, unhealthy: null })
    const first = await request('v1.0.0', 'one')
    const second = await request('v1.1.0', 'two')
    await target.deploy(first)
    await target.deploy(second)
    expect(await target.status()).toEqual({ sha256: second.sha256, version: 'v1.1.0', unhealthy: null })
    expect((await readdir(join(root, 'flight.delay'))).sort()).toEqual(['current.json', 'v1.0.0', 'v1.1.0'])
    const pointer = JSON.parse(await readFile(join(root, 'flight.delay/current.json'), 'utf8'))
    expect(await readFile(join(root, 'flight.delay', pointer.path), 'utf8')).toBe('two')
    await target.deploy(first)
    expect((await target.status()).version).toBe('v1.0.0')
  })

  it('shows a reader one version or the other, never half of one', async () => {
    const target = directoryTarget(join(folder, 'srv'), 'm')
    const both = [await request('v1.0.0', 'one'), await request('v1.1.0', 'two')]
    await target.deploy(both[0]!)
    let swapping = true
    const reader = (async () => {
      const seen = new Set<string>()
      while (swapping) {
        const { path, version } = JSON.parse(await readFile(join(folder, 'srv/m/current.json'), 'utf8'))
        seen.add(`${version} ${await readFile(join(folder, 'srv/m', path), 'utf8')}`)
      }
      return [...seen].sort()
    })()
    for (let swap = 1; swap <= 200; swap++) await target.deploy(both[swap % 2]!)
    swapping = false
    expect(await reader).toEqual(['v1.0.0 one', 'v1.1.0 two'])
  })

  it('is read back by its bytes, not by what the pointer says', async () => {
    const target = directoryTarget(join(folder, 'srv'), 'm')
    const wanted = await request('v1.0.0', 'one')
    await target.deploy(wanted)
    await writeFile(join(folder, 'srv/m/v1.0.0', basename(wanted.path)), 'tampered')
    expect((await target.status()).sha256).not.toBe(wanted.sha256)
  })

  it('says so when the directory cannot be written or the pointer is none', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(directoryTarget(join(folder, 'file'), 'm').deploy(await request('v1.0.0', 'one'))).rejects.toThrow(
      /^The target directory .* cannot be written: /,
    )
    const target = directoryTarget(join(folder, 'srv'), 'm')
    await target.deploy(await request('v1.0.0', 'one'))
    await writeFile(join(folder, 'srv/m/current.json'), 'no json')
    await expect(target.status()).rejects.toThrow(/is not a pointer to a model/)
  })
})

describe('a command as a target', () => {
  const target = (command: string, timeout?: number) =>
    commandTarget({ command, folder, model: 'm', stage: 'prod', ...(timeout === undefined ? {} : { timeout }) })

  it('gets the request on standard input, and nothing of it reaches the shell', async () => {
    const wanted = { ...(await request('v1.0.0', 'one')), stage: '$(touch injected); "`touch injected`' }
    await target(`cat > request.json; echo '{"ok": true}'`).deploy(wanted)
    expect(JSON.parse(await readFile(join(folder, 'request.json'), 'utf8'))).toEqual({ verb: 'deploy', ...wanted })
    expect(await readdir(folder)).not.toContain('injected')
  })

  it('is asked what it serves', async () => {
    const said = await target(`cat > asked.json; echo '{"ok": true, "sha256": "abc", "message": "hi"}'`).status()
    expect(said).toEqual({ sha256: 'abc', version: null, unhealthy: null })
    expect(JSON.parse(await readFile(join(folder, 'asked.json'), 'utf8'))).toEqual({
      verb: 'status',
      model: 'm',
      stage: 'prod',
    })
  })

  it('may say that it serves and is not well', async () => {
    const said = await target(
      `echo '{"ok": true, "sha256": "abc", "healthy": false, "message": "out of memory"}'`,
    ).status()
    expect(said.unhealthy).toBe('out of memory')
  })

  it.each([
    [`echo '{"ok": false, "message": "no room"}'`, 'refused (no room) when asked to status.'],
    [`echo one >&2; echo two >&2; exit 3`, 'ended with exit code 3 when asked to status. It said last:\none\ntwo'],
    ['echo done', 'answered "done", not a JSON object with "ok" when asked to status.'],
    ['true', 'answered "", not a JSON object with "ok" when asked to status.'],
    [`echo '{"ok": true}'; exit 1`, 'ended with exit code 1 when asked to status.'],
  ])('says in one sentence that %s', async (command, sentence) => {
    await expect(target(command).status()).rejects.toThrow(
      `The target's command ${JSON.stringify(command)} ${sentence}`,
    )
  })

  it('is ended with all that it started when it takes too long', async () => {
    await expect(target('sleep 30 & sleep 30; true', 200).status()).rejects.toThrow(
      'was ended after 0.2 s when asked to status.',
    )
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { run } from './run.ts'

it('hands its arguments on to the local GitHub', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-local-'))
  try {
    expect(await run(folder, 'local', '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('modelyard local run .github/workflows/<file>.yml'),
    })
    expect(await run(folder, 'local', 'down')).toMatchObject({ code: 2, err: expect.stringContaining('"down"') })
  } finally {
    await rm(folder, { recursive: true })
  }
})

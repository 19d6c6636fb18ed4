import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { refuseOutside } from '../src/index.ts'

it('files of a repository are refused that lead out of it by a link, and no others', async () => {
  const home = mkdtempSync(join(tmpdir(), 'inside-'))
  const root = join(home, 'repository')
  mkdirSync(join(root, 'models'), { recursive: true })
  writeFileSync(join(home, 'secret.yaml'), 'a: 1')
  writeFileSync(join(root, '..contract.yaml'), 'a: 1')
  symlinkSync('../..contract.yaml', join(root, 'models/within.yaml'))
  symlinkSync('../../secret.yaml', join(root, 'models/out.yaml'))
  symlinkSync('..', join(root, 'above'))
  for (const path of ['models/within.yaml', '..contract.yaml', 'not/there.yaml'])
    await expect(refuseOutside(root, path)).resolves.toBeUndefined()
  for (const path of ['models/out.yaml', 'above/secret.yaml'])
    await expect(refuseOutside(root, path)).rejects.toThrow(`${path} is a link that leads out of the repository.`)
})

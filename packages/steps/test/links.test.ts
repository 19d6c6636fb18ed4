import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Model } from '@modelyard/spec'
import { expect, it } from 'vitest'
import { findModels } from '../src/models.ts'
import { contractAsked, contractOf } from '../src/validation/look.ts'

it('no model file and no contract is read through a link that leads out', async () => {
  const home = mkdtempSync(join(tmpdir(), 'modelyard-links-'))
  const root = join(home, 'repository')
  mkdirSync(root)
  writeFileSync(join(home, 'elsewhere.yaml'), 'name: elsewhere\n')
  for (const name of ['model.yaml', 'c.odcs.yaml']) symlinkSync('../elsewhere.yaml', join(root, name))
  const out = (name: string) => `${name} is a link that leads out of the repository. Put the file itself there.`
  await expect(findModels(root, 'model.yaml')).rejects.toThrow(out('model.yaml'))
  const model = { folder: root, data: { contract: 'c.odcs.yaml' } } as Model
  await expect(contractAsked(model)).rejects.toThrow(out('c.odcs.yaml'))
  await expect(contractOf(model)).rejects.toThrow(out('c.odcs.yaml'))
})

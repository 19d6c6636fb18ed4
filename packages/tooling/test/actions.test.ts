import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ACTIONS, COMPOSITES, ROOT } from '../src/paths.ts'
import { readAction } from '../src/readme.ts'
import { generated } from '../src/tasks/generate.ts'

const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

describe.each(ACTIONS)('the action %s', (name) => {
  it('runs on Node 24 from the shared bundle', async () => {
    expect((await readAction(name)).runs).toEqual({ using: 'node24', main: `../dist/${name}.js` })
  })

  it('reads exactly the inputs, and sets exactly the outputs, that its action.yml names', async () => {
    const action = await readAction(name)
    const { inputs, outputs } = (await import(`../../../actions/${name}/src/inputs.ts`)) as {
      inputs: object
      outputs: string[]
    }
    expect(Object.keys(inputs)).toEqual(Object.keys(action.inputs ?? {}))
    expect([...outputs].sort()).toEqual(Object.keys(action.outputs ?? {}).sort())
  })

  it('has an entry of at most ten lines', () => {
    const entry = readFileSync(join(ROOT, 'actions', name, 'src/index.ts'), 'utf8')
    expect(entry.trimEnd().split('\n').length).toBeLessThanOrEqual(10)
  })
})

describe.each([...ACTIONS, ...COMPOSITES])('the action %s, for who reads of it', (name) => {
  it('describes everything', async () => {
    const action = await readAction(name)
    expect(action.name).toMatch(/^Modelyard: /)
    expect(action.description).toMatch(/\.$/)
    for (const [key, { description }] of [
      ...Object.entries(action.inputs ?? {}),
      ...Object.entries(action.outputs ?? {}),
    ]) {
      expect(key).toMatch(KEBAB)
      expect(description).toMatch(/\.$/)
    }
  })

  it('names each permission that it needs, with the reason', () => {
    const readme = readFileSync(join(ROOT, 'actions', name, 'README.md'), 'utf8')
    expect(readme).toMatch(/## Permissions\n\n\| permission\s+\| why\s+\|\n/)
    expect(readme).toMatch(/## Use\n\n```yaml\n/)
  })
})

describe('what is generated', () => {
  it('is as `npm run generate` writes it', async () => {
    for (const { path, content } of await generated()) {
      const file = join(ROOT, path)
      expect(existsSync(file) ? readFileSync(file, 'utf8') : '', `${path} is stale: run npm run generate`).toBe(content)
    }
  })
})

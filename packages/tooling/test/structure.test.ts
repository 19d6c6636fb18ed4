import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ACTIONS, ROOT } from '../src/paths.ts'

/** Which package may import which of ours: the table of the architecture guide, and the only copy that is enforced. */
const MAY_IMPORT: Record<string, string[]> = {
  spec: [],
  stats: [],
  native: ['spec'],
  data: ['spec', 'stats', 'native'],
  contract: ['drift', 'data', 'stats', 'spec'],
  drift: ['data', 'stats', 'spec'],
  inference: ['data', 'spec', 'native'],
  evaluation: ['inference', 'stats', 'data', 'spec'],
  training: ['spec'],
  github: [],
  registry: ['spec', 'github'],
  sources: ['registry', 'github', 'spec'],
  deployment: ['registry', 'stats', 'spec', 'github'],
  report: ['spec'],
  steps: [
    'spec',
    'native',
    'data',
    'contract',
    'drift',
    'inference',
    'evaluation',
    'training',
    'github',
    'registry',
    'sources',
    'deployment',
    'report',
  ],
  'action-kit': ['github', 'native', 'report', 'spec', 'steps'],
  scaffold: ['contract', 'data', 'spec'],
  doctor: ['steps', 'registry', 'github', 'spec'],
  cli: ['contract', 'data', 'doctor', 'steps', 'scaffold', 'spec', 'github', 'report', 'registry'],
  'local-github': [],
  tooling: ['spec', 'github', 'report'],
  demo: ['local-github', 'github', 'registry', 'spec', 'tooling'],
  scenarios: ['local-github', 'github', 'registry', 'spec', 'steps', 'tooling', 'cli'],
}

const IMPORT = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g

function importsOf(folder: string): Array<{ file: string; specifier: string }> {
  return globSync('**/*.ts', { cwd: join(ROOT, folder) }).flatMap((name) => {
    const text = readFileSync(join(ROOT, folder, name), 'utf8')
    return [...text.matchAll(IMPORT)].map(([, specifier]) => ({ file: `${folder}/${name}`, specifier: specifier! }))
  })
}

const packages = readdirSync(join(ROOT, 'packages'))

describe('the packages', () => {
  it('are all in the table of who may import whom', () => {
    expect(packages.filter((name) => !(name in MAY_IMPORT))).toEqual([])
  })

  it.each(packages)('%s imports only packages below it, and says so in its package.json', (name) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>
    }
    const own = importsOf(`packages/${name}/src`).filter(({ specifier }) => specifier.startsWith('@modelyard/'))
    for (const { file, specifier } of own) {
      expect(MAY_IMPORT[name], `${file} imports ${specifier}`).toContain(specifier.slice('@modelyard/'.length))
      expect(Object.keys(dependencies), `${file} imports ${specifier}`).toContain(specifier)
    }
  })

  it('have one entry point each: nobody reaches into another package’s files', () => {
    const inside = packages
      .flatMap((name) => importsOf(`packages/${name}/src`))
      .filter(({ specifier }) => /^@modelyard\/[^/]+\//.test(specifier))
    expect(inside).toEqual([])
  })

  it('leave @actions/core to action-kit', () => {
    const users = [...packages.map((name) => `packages/${name}/src`), ...ACTIONS.map((name) => `actions/${name}/src`)]
      .flatMap(importsOf)
      .filter(({ specifier }) => specifier === '@actions/core')
      .map(({ file }) => file.split('/').slice(0, 2).join('/'))
    expect([...new Set(users)]).toEqual(['packages/action-kit'])
  })

  it('keep native modules out of what is bundled', () => {
    const natives = packages
      .filter((name) => !['native', 'demo', 'tooling', 'local-github', 'scenarios'].includes(name))
      .flatMap((name) =>
        importsOf(`packages/${name}/src`).map((each) => ({
          ...each,
          text: readFileSync(join(ROOT, each.file), 'utf8'),
        })),
      )
      .filter(({ specifier }) => /^(?:@duckdb\/|onnxruntime)/.test(specifier))
      .filter(
        ({ specifier, text }) =>
          !new RegExp(`import type [^\\n]*${specifier}`).test(text) && !/import type \{[^}]*\}\s*from/.test(text),
      )
    expect(natives.map(({ file, specifier }) => `${file}: ${specifier}`)).toEqual([])
  })
})

describe('the top level', () => {
  it('holds what the architecture guide names, and nothing else', () => {
    const shown = readdirSync(ROOT).filter((name) => !name.startsWith('.') && name !== 'node_modules')
    expect(shown.sort()).toEqual(
      [
        'LICENSE',
        'README.md',
        'actions',
        'biome.json',
        'docs',
        'package-lock.json',
        'package.json',
        'packages',
        'runners',
        'tsconfig.json',
        'turbo.json',
        'workflows-templates',
      ].sort(),
    )
  })
})

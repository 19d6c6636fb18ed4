import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { cp, glob, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compile, pack } from './compile.ts'
import { ACTIONS, CACHE, DIST, RELEASE_TREE, ROOT } from './paths.ts'
import { step } from './shell.ts'

const BUILD = join(CACHE, 'build')
const SOURCES = ['packages/*/src', 'actions/*/src']

/** Packages that no action uses. */
const UNBUNDLED = ['cli', 'demo', 'doctor', 'local-github', 'scaffold', 'scenarios', 'tooling']

/**
 * Builds what users run: one bundle for all actions, a stub of three lines for each, and the release tree around them.
 * Nothing is done where the sources and the version are those of the last build. The version, like `1.2.3`, is named
 * only where it is released: otherwise records name the repository's own.
 */
export async function bundle({ version }: { version?: string } = {}): Promise<void> {
  const sources = await digestSources(version)
  const stamp = join(RELEASE_TREE, '..', 'release.sha256')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources && existsSync(join(DIST, 'index.js'))) return
  await rm(stamp, { force: true })
  await step('Compile the packages', () => compile(BUILD, { sources: SOURCES, without: UNBUNDLED, version }))
  await step('Bundle the actions', bundleActions)
  await assemble()
  await writeFile(stamp, sources)
}

async function digestSources(version = ''): Promise<string> {
  const hash = createHash('sha256').update(version)
  const files: string[] = ['package-lock.json', 'tsconfig.json', 'README.md', 'LICENSE']
  files.push(...['bundle', 'compile'].map((name) => `packages/tooling/src/${name}.ts`))
  const sources = ['packages/*/{src,schema}/**', 'actions/*/{src/**,action.yml,README.md}']
  const exclude = UNBUNDLED.map((name) => `packages/${name}/**`)
  for await (const file of glob(sources, { cwd: ROOT, exclude })) files.push(file)
  for (const file of files.sort()) {
    const content = await readFile(join(ROOT, file)).catch(() => undefined)
    if (content) hash.update(`${file}\0`).update(content)
  }
  return hash.digest('hex')
}

/** One bundle: each action is loaded on demand, so that a step pays only for what it uses. */
async function bundleActions(): Promise<void> {
  const loaders = ACTIONS.map((name) => `  ${JSON.stringify(name)}: () => import('./actions/${name}/src/index.js'),`)
  const entry = `const actions = {\n${loaders.join('\n')}\n}\n\nexport const start = (name) => actions[name]()\n`
  await writeFile(join(BUILD, 'entry.js'), entry)
  await pack(join(BUILD, 'entry.js'), DIST)
  for (const name of ACTIONS) {
    await writeFile(join(DIST, `${name}.js`), `import { start } from './index.js'\n\nawait start('${name}')\n`)
  }
}

/** What a release ships of this repository: every action with its README, the bundle, README and licence. */
async function assemble(): Promise<void> {
  await rm(RELEASE_TREE, { recursive: true, force: true })
  for (const name of await readdir(join(ROOT, 'actions'))) {
    for (const file of ['action.yml', 'README.md']) await ship(join('actions', name, file))
  }
  await cp(DIST, join(RELEASE_TREE, 'actions', 'dist'), { recursive: true })
  for (const file of ['README.md', 'LICENSE']) await ship(file)
}

async function ship(file: string): Promise<void> {
  if (existsSync(join(ROOT, file))) await cp(join(ROOT, file), join(RELEASE_TREE, file))
}

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { cp, glob, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { minify } from 'terser'
import { ACTIONS, CACHE, DIST, RELEASE_TREE, ROOT } from './paths.ts'
import { run, step } from './shell.ts'

const BUILD = join(CACHE, 'build')

/** Packages that no action uses. */
const UNBUNDLED = ['cli', 'demo', 'doctor', 'local-github', 'scaffold', 'scenarios', 'tooling']

/**
 * Builds what users run: one bundle for all actions, a stub of three lines for each, and the release tree around them.
 * Nothing is done where the sources are those of the last build.
 */
export async function bundle(): Promise<void> {
  const sources = await digestSources()
  const stamp = join(RELEASE_TREE, '..', 'release.sha256')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources && existsSync(join(DIST, 'index.js'))) return
  await rm(stamp, { force: true })
  await step('Compile the packages', compile)
  await step('Bundle the actions', pack)
  await assemble()
  await writeFile(stamp, sources)
}

async function digestSources(): Promise<string> {
  const hash = createHash('sha256')
  const files: string[] = ['package-lock.json', 'tsconfig.json', 'README.md', 'LICENSE']
  for await (const file of glob(['packages/*/{src,schema}/**', 'actions/*/{src/**,action.yml,README.md}'], {
    cwd: ROOT,
  }))
    files.push(file)
  for (const file of files.sort()) {
    const content = await readFile(join(ROOT, file)).catch(() => undefined)
    if (content) hash.update(`${file}\0`).update(content)
  }
  return hash.digest('hex')
}

/** TypeScript to JavaScript, with the workspace's own packages resolved among the compiled files. */
async function compile(): Promise<void> {
  await rm(BUILD, { recursive: true, force: true })
  await mkdir(join(BUILD, 'node_modules', '@modelyard'), { recursive: true })
  const config = join(BUILD, 'tsconfig.json')
  await writeFile(
    config,
    JSON.stringify({
      extends: relative(BUILD, join(ROOT, 'tsconfig.json')),
      compilerOptions: {
        noEmit: false,
        outDir: '.',
        rootDir: '../..',
        rewriteRelativeImportExtensions: true,
        types: ['node'],
        typeRoots: ['../../node_modules/@types'],
      },
      include: ['../../packages/*/src', '../../actions/*/src'],
      exclude: UNBUNDLED.map((name) => `../../packages/${name}`),
    }),
  )
  await run('tsc', ['-p', config])
  // TypeScript 7.0.2 leaves out imported JSON files now and then.
  for await (const file of glob('packages/*/{src,schema}/**/*.json', { cwd: ROOT })) {
    if (existsSync(join(BUILD, file.split('/').slice(0, 2).join('/')))) await cp(join(ROOT, file), join(BUILD, file))
  }
  for (const name of await readdir(join(ROOT, 'packages'))) {
    const folder = join(BUILD, 'packages', name)
    if (!existsSync(folder)) continue
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name: `@modelyard/${name}`, type: 'module', exports: './src/index.js' }),
    )
    await symlink(folder, join(BUILD, 'node_modules', '@modelyard', name))
  }
}

/** One bundle: each action is loaded on demand, so that a step pays only for what it uses. */
async function pack(): Promise<void> {
  const loaders = ACTIONS.map((name) => `  ${JSON.stringify(name)}: () => import('./actions/${name}/src/index.js'),`)
  const entry = `const actions = {\n${loaders.join('\n')}\n}\n\nexport const start = (name) => actions[name]()\n`
  await writeFile(join(BUILD, 'package.json'), '{"type":"module"}')
  await writeFile(join(BUILD, 'entry.js'), entry)
  await rm(DIST, { recursive: true, force: true })
  await run('ncc', [
    'build',
    join(BUILD, 'entry.js'),
    '--no-source-map-register',
    '--license',
    'licenses.txt',
    '--out',
    DIST,
  ])
  await shrink()
  for (const name of ACTIONS) {
    await writeFile(join(DIST, `${name}.js`), `import { start } from './index.js'\n\nawait start('${name}')\n`)
  }
}

/** ncc minifies the entry alone; the chunks are where the code is. */
async function shrink(): Promise<void> {
  for (const name of await readdir(DIST)) {
    if (!name.endsWith('.js')) continue
    const path = join(DIST, name)
    const { code } = await minify(await readFile(path, 'utf8'), { module: true })
    await writeFile(path, code ?? '')
  }
}

/** The first commit of a release: the actions with the bundle, README and licence. */
async function assemble(): Promise<void> {
  await rm(RELEASE_TREE, { recursive: true, force: true })
  for (const name of ACTIONS) {
    await mkdir(join(RELEASE_TREE, 'actions', name), { recursive: true })
    for (const file of ['action.yml', 'README.md']) {
      const from = join(ROOT, 'actions', name, file)
      if (existsSync(from)) await cp(from, join(RELEASE_TREE, 'actions', name, file))
    }
  }
  await cp(DIST, join(RELEASE_TREE, 'actions', 'dist'), { recursive: true })
  for (const file of ['README.md', 'LICENSE']) {
    if (existsSync(join(ROOT, file))) await cp(join(ROOT, file), join(RELEASE_TREE, file))
  }
  await mkdir(dirname(RELEASE_TREE), { recursive: true })
}

import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compile } from '../compile.ts'
import { CACHE, ROOT } from '../paths.ts'
import { COMMON } from './manifest.ts'

export const LOCAL_GITHUB = '@modelyard/local-github'

const SOURCE = 'packages/local-github'
/** What the server reads beside its program. */
const SHIPPED = ['openapi', 'shims', 'README.md']

/** Writes the npm package of the local GitHub into a folder: JavaScript with its types, for tests and as a command. */
export async function writeLocalGitHub(folder: string, version: string): Promise<void> {
  const build = join(CACHE, 'build-local-github')
  await compile(build, { sources: [`${SOURCE}/src`], without: [], declaration: true })
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'bin'), { recursive: true })
  // What is not TypeScript goes as it is: a schema, a program that git starts.
  await cp(join(ROOT, SOURCE, 'src'), join(folder, 'src'), { recursive: true, filter: (path) => !path.endsWith('.ts') })
  await cp(join(build, SOURCE, 'src'), join(folder, 'src'), { recursive: true })
  for (const name of SHIPPED) await cp(join(ROOT, SOURCE, name), join(folder, name), { recursive: true })
  await cp(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  const bin = await readFile(join(ROOT, SOURCE, 'bin/local-github.mjs'), 'utf8')
  await writeFile(join(folder, 'bin/local-github.mjs'), bin.replace('main.ts', 'main.js'))
  await chmod(join(folder, 'bin/local-github.mjs'), 0o755)
  const own = JSON.parse(await readFile(join(ROOT, SOURCE, 'package.json'), 'utf8')) as Record<string, unknown>
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest(own, version), null, 2)}\n`)
}

function manifest({ description, dependencies }: Record<string, unknown>, version: string): object {
  return {
    name: LOCAL_GITHUB,
    version: version.slice(1),
    description,
    ...COMMON,
    exports: { types: './src/index.d.ts', default: './src/index.js' },
    bin: { 'local-github': 'bin/local-github.mjs' },
    dependencies,
  }
}

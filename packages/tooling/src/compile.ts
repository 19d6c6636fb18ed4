import { existsSync } from 'node:fs'
import { cp, glob, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { minify } from 'terser'
import { ROOT } from './paths.ts'
import { run } from './shell.ts'

export interface Sources {
  /** Folders, as globs from the root of the repository. */
  sources: string[]
  /** Packages that are left out. */
  without: string[]
  /** The version that records name as their engine; the repository's own where nothing is released. */
  version?: string | undefined
  /** Write the types beside the JavaScript, for those who import it. */
  declaration?: boolean
}

/** TypeScript to JavaScript in a folder, with the workspace's own packages resolved among the compiled files. */
export async function compile(
  build: string,
  { sources, without, version, declaration = false }: Sources,
): Promise<void> {
  await rm(build, { recursive: true, force: true })
  await mkdir(join(build, 'node_modules', '@modelyard'), { recursive: true })
  const config = join(build, 'tsconfig.json')
  const up = relative(build, ROOT)
  await writeFile(
    config,
    JSON.stringify({
      extends: `${up}/tsconfig.json`,
      compilerOptions: {
        noEmit: false,
        declaration,
        outDir: '.',
        rootDir: up,
        rewriteRelativeImportExtensions: true,
        types: ['node'],
        typeRoots: [`${up}/node_modules/@types`],
      },
      include: sources.map((source) => `${up}/${source}`),
      exclude: without.map((name) => `${up}/packages/${name}`),
    }),
  )
  await run('tsc', ['-p', config])
  if (version) await writeFile(join(build, 'packages/spec/src/release.js'), `export const RELEASE = '${version}'\n`)
  // TypeScript 7.0.2 leaves out imported JSON files now and then, and JavaScript that is generated always.
  for await (const file of glob('packages/*/{src,schema}/**/*.{json,js}', { cwd: ROOT })) {
    if (existsSync(join(build, file.split('/').slice(0, 2).join('/')))) await cp(join(ROOT, file), join(build, file))
  }
  for (const name of await readdir(join(ROOT, 'packages'))) {
    const folder = join(build, 'packages', name)
    if (!existsSync(folder)) continue
    const { exports } = JSON.parse(await readFile(join(ROOT, 'packages', name, 'package.json'), 'utf8'))
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name: `@modelyard/${name}`, type: 'module', exports: exports.replace(/\.ts$/, '.js') }),
    )
    await symlink(folder, join(build, 'node_modules', '@modelyard', name))
  }
  await writeFile(join(build, 'package.json'), '{"type":"module"}')
}

/** A compiled entry with all that it imports, bundled into a folder; what it imports on demand stays apart. */
export async function pack(entry: string, out: string): Promise<void> {
  await rm(out, { recursive: true, force: true })
  await run('ncc', ['build', entry, '--no-source-map-register', '--license', 'licenses.txt', '--out', out])
  // ncc minifies the entry alone; the chunks are where the code is.
  for (const name of await readdir(out)) {
    if (!name.endsWith('.js')) continue
    const path = join(out, name)
    const { code } = await minify(await readFile(path, 'utf8'), { module: true })
    await writeFile(path, code ?? '')
  }
}

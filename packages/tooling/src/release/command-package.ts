import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compile, pack } from '../compile.ts'
import { CACHE, ROOT } from '../paths.ts'
import type { Own } from '../released-form.ts'
import { COMMON } from './manifest.ts'
import { writeTemplates } from './trees.ts'

export const COMMAND = 'modelyard'

/** Packages that the command does not use. */
const UNUSED = ['action-kit', 'demo', 'local-github', 'scenarios', 'tooling']

const START = `#!/usr/bin/env node
if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(\`modelyard needs Node 24 or later, and this is \${process.versions.node}.\`)
  process.exit(2)
}
await import('../dist/index.js')
`

/**
 * Writes the npm package of the command into a folder: the command as one bundle, and the workflow templates that
 * `init` copies, pinned to a release. Native modules are not in it: the command fetches them as the actions do.
 */
export async function writeCommand(folder: string, own: Own): Promise<void> {
  const build = join(CACHE, 'build-command')
  await compile(build, { sources: ['packages/*/src'], without: UNUSED, version: own.version.slice(1) })
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'bin'), { recursive: true })
  // On demand: ncc tells the licences of modules only where it does not merge them into the entry.
  await writeFile(join(build, 'entry.js'), "await import('./packages/cli/src/main.js')\n")
  await pack(join(build, 'entry.js'), join(folder, 'dist'))
  await writeFile(join(folder, 'bin/modelyard.js'), START)
  await chmod(join(folder, 'bin/modelyard.js'), 0o755)
  await writeTemplates(join(folder, 'workflows-templates'), own)
  for (const file of ['README.md', 'LICENSE']) await cp(join(ROOT, file), join(folder, file))
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest(own.version), null, 2)}\n`)
}

function manifest(version: string): object {
  return {
    name: COMMAND,
    version: version.slice(1),
    description: 'CI/CD for machine-learning models on GitHub Actions: the command',
    ...COMMON,
    bin: { modelyard: 'bin/modelyard.js' },
  }
}

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../paths.ts'
import { run } from '../shell.ts'

/** Runs every package's bench, one after the other. `--json` and `--check` are handed on. */
export async function bench(args: string[]): Promise<void> {
  for (const name of readdirSync(join(ROOT, 'packages'))) {
    const file = join(ROOT, 'packages', name, 'bench', 'bench.ts')
    if (!existsSync(file)) continue
    console.error(`\n${name}`)
    await run(process.execPath, [file, ...args], { show: true })
  }
}

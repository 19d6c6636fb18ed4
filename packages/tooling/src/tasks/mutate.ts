import { constants } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MUTATIONS, type Mutation } from '../mutations.ts'
import { CACHE, ROOT } from '../paths.ts'
import { run } from '../shell.ts'
import { setUpTools } from './test.ts'

const COPY = join(CACHE, 'mutated')
const LEFT_OUT = new Set(['.git', '.cache', '.demo', '.turbo'])

/**
 * Breaks each promise on purpose, one small change each in a copy of the repository, and looks whether its test falls.
 * A change that no test notices is a missing test. Arguments choose mutations by a part of their promise.
 */
export async function mutate(args: string[]): Promise<number> {
  const chosen = MUTATIONS.filter(({ promise }) => args.every((part) => promise.includes(part)))
  const env = await setUpTools()
  await copyRepository()
  const unnoticed: Mutation[] = []
  for (const mutation of chosen) {
    const noticed = await isNoticed(mutation, env)
    console.log(`${noticed ? '✓ noticed  ' : '✗ UNNOTICED'} ${mutation.promise}: ${mutation.change} (${mutation.file})`)
    if (!noticed) unnoticed.push(mutation)
  }
  await rm(COPY, { recursive: true, force: true })
  console.log(`\n${chosen.length - unnoticed.length} of ${chosen.length} broken promises were noticed.`)
  return unnoticed.length === 0 && chosen.length > 0 ? 0 : 1
}

/** Tests that were seen to pass without a mutation. */
const sound = new Set<string>()

async function isNoticed({ file, from, to, tests }: Mutation, env: Record<string, string>): Promise<boolean> {
  const path = join(COPY, file)
  const text = await readFile(path, 'utf8')
  if (text.split(from).length !== 2)
    throw new Error(
      `The mutation of ${file} is stale: ${JSON.stringify(from)} is there ${text.split(from).length - 1} times.`,
    )
  const [folder, ...names] = tests
  const test = () => run('vitest', ['run', '--root', join(COPY, folder!), '--bail=1', ...names], { folder: COPY, env })
  if (!sound.has(tests.join(' '))) {
    await test().catch((cause) => {
      throw new Error(`${tests.join(' ')} fails already without the mutation.`, { cause })
    })
    sound.add(tests.join(' '))
  }
  await writeFile(
    path,
    text.replace(from, () => to),
  )
  try {
    await test()
    return false
  } catch {
    return true
  } finally {
    await writeFile(path, text)
  }
}

async function copyRepository(): Promise<void> {
  await rm(COPY, { recursive: true, force: true })
  await mkdir(COPY, { recursive: true })
  for (const name of await readdir(ROOT)) {
    if (LEFT_OUT.has(name)) continue
    const options = { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE }
    await cp(join(ROOT, name), join(COPY, name), options)
  }
  await symlink(CACHE, join(COPY, '.cache'))
}

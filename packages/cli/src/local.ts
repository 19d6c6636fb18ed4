import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RELEASE, UserError } from '@modelyard/spec'
import type { Terminal } from './terminal.ts'

const PACKAGE = '@modelyard/local-github'

interface LocalGitHub {
  runCommand(
    args: string[],
    terminal: { name: string; folder: string; out: Terminal['stdout']; error: Terminal['stderr'] },
  ): Promise<number>
}

/** Hands its arguments to the package of the local GitHub, which this command does not bring: few need it. */
export async function local({ stdout, stderr, cwd }: Terminal, args: string[]): Promise<number> {
  const { runCommand } = await load(cwd())
  return runCommand(args, { name: 'modelyard local', folder: cwd(), out: stdout, error: stderr })
}

/** The package as the folder has it installed, or what installed this command. */
async function load(folder: string): Promise<LocalGitHub> {
  for (const from of [pathToFileURL(join(folder, 'package.json')).href, import.meta.url]) {
    const file = resolve(from)
    if (file) return (await import(pathToFileURL(file).href)) as LocalGitHub
  }
  throw new UserError(
    `modelyard local needs the package ${PACKAGE}, which is not installed here: npm install --save-dev ${PACKAGE}@${RELEASE}`,
  )
}

function resolve(from: string): string | undefined {
  try {
    return createRequire(from).resolve(PACKAGE)
  } catch {
    return undefined
  }
}

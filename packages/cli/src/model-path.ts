import { access, realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { UserError } from '@modelyard/spec'

/**
 * What `--model` names, from the repository's root, as steps take it. A path is one from the current folder, as in every
 * other program, or else from the root, as the workflows have it. Throws a `UserError` for a file that is at neither.
 */
export async function fromRoot(named: string, { root, cwd }: { root: string; cwd: string }): Promise<string> {
  const here = relative(await realpath(root), await realpath(cwd)).replaceAll('\\', '/')
  const parts = await Promise.all(named.split(',').map((part) => locate(part.trim(), root, here)))
  return parts.join(',')
}

async function locate(part: string, root: string, here: string): Promise<string> {
  const isFile = /\.ya?ml$/.test(part) && !/[*?[\]{}]/.test(part)
  if (!isFile) return part
  const inside = join(here, part).replaceAll('\\', '/')
  for (const path of [inside, part]) if (await isThere(join(root, path))) return path
  // At the root the step says it, when it comes to that: another mistake may come first.
  if (here === '') return part
  throw new UserError(
    `There is no model file ${part}, neither in ${here} nor from the root of the repository. Write one (https://github.com/modelyard/modelyard/blob/v1/docs/model-file.md shows how) or say where it is with --model.`,
  )
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

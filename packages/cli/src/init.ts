import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { styleText } from 'node:util'
import {
  lookAtData,
  modelName,
  type NewFile,
  type Proposal,
  plan,
  propose,
  readTemplates,
  repositoryPath,
  survey,
  writeFiles,
} from '@modelyard/scaffold'
import { UserError } from '@modelyard/spec'
import type { StepContext } from '@modelyard/steps'
import { plain } from './plain.ts'
import type { Terminal } from './terminal.ts'

/**
 * Proposes a model file, a contract and the workflows from what a repository holds, shows them, asks, and writes them.
 * Nothing that is there is overwritten. Answers with the exit code: 0 written, 1 not wanted.
 */
export async function init(
  terminal: Terminal,
  { root, run }: StepContext,
  options: Record<string, string>,
): Promise<number> {
  const folder = await modelFolder(terminal, root, options.path!)
  const found = await survey(root, folder, run.repository?.split('/')[1])
  const there = found.files.find((file) => /(?:^|\/)model\.yaml$/.test(file))
  if (there !== undefined)
    throw new UserError(
      `There is a model file already: ${join(folder, there)}. init writes the first one of a folder; change it by hand, or say with --path where another model is.`,
    )
  const asks = options.yes !== 'true'
  if (asks && !terminal.stdin?.isTTY)
    throw new UserError(
      'init asks before it writes, and there is no terminal to ask on: add --yes to let it write without asking.',
    )
  const decided = plan(found, { data: options.data!, label: options.label! })
  const data = await lookAtData(join(root, folder), decided, modelName(found))
  const proposal = propose(found, decided, data, await readTemplates(), { forks: options.forks === 'true' })
  terminal.stdout.write(show(proposal, terminal.stdout.isTTY === true))
  if (asks && !(await isWanted(terminal, proposal))) {
    terminal.stderr.write('Nothing was written.\n')
    return 1
  }
  await writeFiles(root, proposal.files)
  terminal.stderr.write(
    `Wrote ${proposal.files.length} files. Commit them to a branch, open a pull request, and the report on the model comes as its comment.${
      proposal.files.some(({ path }) => path.endsWith('modelyard/requirements.txt'))
        ? ' To train here first: pip install -r modelyard/requirements.txt'
        : ''
    }\n`,
  )
  return 0
}

/** The folder that --path names, relative to the repository's root. */
async function modelFolder({ cwd }: Terminal, root: string, path: string): Promise<string> {
  // git tells the root without symbolic links.
  const folder = resolve(await realpath(cwd()), path)
  const inside = relative(root, folder)
  if (inside === '..' || inside.startsWith('../') || isAbsolute(inside))
    throw new UserError(`The option --path is ${JSON.stringify(path)}, which is outside of this repository.`)
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new UserError(`The option --path is ${JSON.stringify(path)}, and there is no such folder.`)
  return repositoryPath(root, folder)
}

async function isWanted({ stdin, stderr }: Terminal, { files }: Proposal): Promise<boolean> {
  stderr.write(`Write these ${files.length} files? [y/N] `)
  for await (const line of createInterface({ input: stdin! })) return /^y(?:es)?$/i.test(line.trim())
  return false
}

/** The new files as a diff, what is left as it was, and what was assumed. */
function show({ files, left, assumed }: Proposal, colour: boolean): string {
  const style = (format: 'green' | 'bold' | 'yellow', text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text
  const parts = [
    // The model file is written last, and is what to read first.
    ...files
      .filter(({ template }) => !template)
      .reverse()
      .map((file) => showFile(file, style)),
    files
      .filter(({ template }) => template)
      .map(({ path, content }) =>
        style('green', `+ ${plain(path)} (${lineCount(content)} lines, the template as it is)`),
      )
      .join('\n'),
    left.map((path) => style('yellow', `${plain(path)} is there already and is left as it is.`)).join('\n'),
    `${style('bold', 'What was assumed')}\n${assumed.map((each) => `- ${plain(each)}`).join('\n')}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n\n`
}

function showFile({ path, content }: NewFile, style: (format: 'green' | 'bold', text: string) => string): string {
  const lines = content.replace(/\n$/, '').split('\n')
  const head = [style('bold', '--- /dev/null'), style('bold', `+++ ${plain(path)}`), `@@ -0,0 +1,${lines.length} @@`]
  return [...head, ...lines.map((line) => style('green', `+${plain(line)}`))].join('\n')
}

function lineCount(content: string): number {
  return content.replace(/\n$/, '').split('\n').length
}

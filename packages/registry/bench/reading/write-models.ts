import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { assignmentMessage, registrationMessage } from '../../src/events/message.ts'
import { candidate } from '../../test/support/candidate.ts'

/** How large the registry is: every version goes through all stages, one after the other. */
export const SIZE = { models: 100, versions: 100, stages: ['dev', 'staging', 'production'] }

const START = Date.UTC(2026, 0, 1) / 1000
const SOURCE = { commit: '1'.repeat(40), tree: '2'.repeat(40) }

/** Writes the registry of many models into a bare repository, as `register` and `assign` would; through git's own importer. */
export async function writeModels(gitDir: string): Promise<void> {
  const git = spawn('git', ['fast-import', '--quiet', '--date-format=raw'], {
    cwd: gitDir,
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const ended = once(git, 'close')
  const say = async (text: string) => git.stdin.write(text) || (await once(git.stdin, 'drain'))
  let seconds = START
  const by = () => `ada <ada@users.noreply.github.com> ${++seconds} +0000`
  await say(`${commit(1, 'refs/heads/main', by(), 'Train a model')}M 100644 inline train.py\n${data('train()\n')}`)
  for (let number = 0; number < SIZE.versions; number++) {
    for (let model = 0; model < SIZE.models; model++) {
      const [name, version] = [`model-${model}`, `v1.${number}.0`]
      await say(registration(2 + number * SIZE.models + model, name, version, by) + assignments(name, version, by))
    }
  }
  git.stdin.end()
  if ((await ended)[0] !== 0) throw new Error('git fast-import failed')
  const [packed] = await once(spawn('git', ['gc', '--quiet'], { cwd: gitDir }), 'close')
  if (packed !== 0) throw new Error('git gc failed')
}

function registration(mark: number, model: string, version: string, by: () => string): string {
  const judged = candidate(`${model} ${version}`, { model, source: SOURCE, data: `data of ${version}` })
  const file = { ...judged.versionFile(version), assets: [] }
  const message = registrationMessage(file, { gate: judged.identity.gate, bump: 'minor' })
  // The importer wants a branch: it moves from version to version, and is no ref of a registry.
  const made = `${commit(mark, 'refs/heads/import', by(), `${model} ${version}`)}from :1\n`
  const manifest = `M 100644 inline .modelyard/${model}/version.json\n${data(`${JSON.stringify(file, null, 2)}\n`)}`
  return `${made}${manifest}${tag(`${model}@${version}`, mark, by(), message)}`
}

function assignments(model: string, version: string, by: () => string): string {
  const number = Number(version.split('.')[1])
  const mark = 2 + number * SIZE.models + Number(model.split('-')[1])
  return SIZE.stages
    .map((stage) => {
      const facts = { model, version, stage, replaces: null, reason: 'It was better.', digest: null, trailers: {} }
      return tag(`${model}#${stage}#${number + 1}`, mark, by(), assignmentMessage(facts))
    })
    .join('')
}

function commit(mark: number, ref: string, by: string, message: string): string {
  return `commit ${ref}\nmark :${mark}\ncommitter ${by}\n${data(message)}`
}

function tag(name: string, mark: number, by: string, message: string): string {
  return `tag ${name}\nfrom :${mark}\ntagger ${by}\n${data(message)}`
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

import { resolve } from 'node:path'
import { fetchVersion } from '@modelyard/registry'
import type { Statement } from '@modelyard/spec'
import { needGitHub, type StepContext } from './context.ts'
import { beginRecord, saveRecord } from './records.ts'

/** A version's model on this machine, verified. */
export interface Fetched {
  record: Statement<'fetch'>
  path: string
}

/** Fetches a model by version, stage or `latest`, and verifies it before anybody uses it. */
export async function fetchModel(
  context: StepContext,
  options: { model: string; version: string; folder: string },
): Promise<Fetched> {
  const clock = beginRecord(context)
  const github = needGitHub(context, `fetch ${options.model}`)
  const { version, path, sha256, bytes, name } = await fetchVersion(github, {
    model: options.model,
    version: options.version,
    folder: resolve(context.root, options.folder),
  })
  const record = await clock.finish('fetch', [{ name, digest: { sha256 } }], {
    model: options.model,
    verdict: 'pass',
    reasons: [`${options.model} ${version} is at ${path}; its digest is the one that the registry holds.`],
    version,
    file: { name, sha256, bytes },
  })
  await saveRecord(context, 'fetch', options.model, record)
  return { record, path }
}

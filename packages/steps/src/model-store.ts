import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dvcPointer, dvcRemote, openStore, type Store } from '@modelyard/registry'
import type { Model } from '@modelyard/spec'
import { needGitHub, type StepContext } from './context.ts'

/** The store that keeps a model's bytes, as its file says; undefined where its release does. */
export async function modelStore(context: StepContext, model: Model, path: string): Promise<Store | undefined> {
  if (model.store === undefined) return undefined
  const github = needGitHub(context, `register ${model.name}`)
  if (model.store !== 'dvc') return openStore(github, model.store)
  return openStore(github, await dvcPointer(await readConfig(context), path))
}

/** The store that a model's file names, as what is fetched may lie in it. */
export async function namedStore(context: StepContext, { store }: Model): Promise<string | undefined> {
  return store === 'dvc' ? dvcRemote(await readConfig(context)) : store
}

/** What `.dvc/config` says; nothing where there is none. */
function readConfig({ root }: StepContext): Promise<string> {
  return readFile(join(root, '.dvc', 'config'), 'utf8').catch(() => '')
}

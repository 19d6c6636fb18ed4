import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dvcPointer, openStore, type Store } from '@modelyard/registry'
import type { Model } from '@modelyard/spec'
import { needGitHub, type StepContext } from './context.ts'

/** The store that keeps a model's bytes, as its file says; undefined where its release does. */
export async function modelStore(context: StepContext, model: Model, path: string): Promise<Store | undefined> {
  if (model.store === undefined) return undefined
  const github = needGitHub(context, `register ${model.name}`)
  if (model.store !== 'dvc') return openStore(github, model.store)
  const config = await readFile(join(context.root, '.dvc', 'config'), 'utf8').catch(() => '')
  return openStore(github, await dvcPointer(config, path))
}

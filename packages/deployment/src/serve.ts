import { join } from 'node:path'
import type { GitHub } from '@modelyard/github'
import { fetchVersion, readState } from '@modelyard/registry'
import { RefusedError, UserError } from '@modelyard/spec'
import type { DeployOptions } from './deploy.ts'
import type { Target } from './targets/target.ts'

/** Makes the target serve the version, unless it does; answers with the digest that was read back. */
export async function serve(
  github: GitHub,
  target: Target,
  { model: { store }, plan, folder, log, always }: DeployOptions,
): Promise<string> {
  const { model, stage, version, digest, replaces } = plan
  const before = always ? undefined : await target.status()
  if (before?.sha256 === digest && before.unhealthy === null) {
    log(`The ${target.kind} of ${stage} serves ${version} already.`)
    return digest
  }
  const { path, sha256 } = await fetchVersion(github, { model, version, folder, store })
  if (sha256 !== digest) {
    throw new RefusedError(
      `${model} ${version} has the digest ${sha256.slice(0, 12)}, but ${digest.slice(0, 12)} was planned for.`,
    )
  }
  await target.deploy({ model, stage, version, sha256, path, replaces })
  const served = await target.status()
  if (served.sha256 !== digest) {
    throw new RefusedError(
      `The ${target.kind} of ${stage} took ${model} ${version} and then showed ${served.sha256?.slice(0, 12) ?? 'nothing'} instead of ${digest.slice(0, 12)}.`,
    )
  }
  if (served.unhealthy !== null) {
    throw new RefusedError(
      `The ${target.kind} of ${stage} serves ${model} ${version} and is not well: ${served.unhealthy.replace(/\.$/, '')}.`,
    )
  }
  log(`The ${target.kind} of ${stage} was read back: it serves ${version}.`)
  return digest
}

/**
 * Makes the target serve again what the stage holds, after a move that did not come to its end; answers with a sentence.
 * A rollback does not go forward again: what its stage holds is what was bad.
 */
export async function putBack(
  github: GitHub,
  target: Target,
  { model: { store }, plan, folder, always }: DeployOptions,
): Promise<string> {
  const { model, stage } = plan
  const holds = (await readState(github, model)).stages[stage]?.current ?? null
  if (holds === null || (always && holds === plan.replaces)) return `${stage} keeps ${holds ?? 'nothing'}.`
  try {
    const wanted = { model, version: holds, folder: join(folder, '..', holds), store }
    const { path, sha256 } = await fetchVersion(github, wanted)
    if ((await target.status().catch(() => undefined))?.sha256 !== sha256) {
      await target.deploy({ model, stage, version: holds, sha256, path, replaces: plan.version })
    }
    if ((await target.status()).sha256 === sha256) return `${stage} keeps ${holds}, and the ${target.kind} serves it.`
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
  return `${stage} keeps ${holds}, but the ${target.kind} could not be brought to serve it: promote ${holds} to ${stage} once more.`
}

import { register as enter } from '@modelyard/registry'
import { type Model, type Statement, UserError } from '@modelyard/spec'
import { chooseChampion } from './champion.ts'
import { needGitHub, type StepContext } from './context.ts'
import { contradictChampion, gatherEvidence } from './evidence.ts'
import { findModels } from './models.ts'
import { beginRecord, collectRecords, modelFile, saveRecord } from './records.ts'
import { describeRelease } from './release.ts'

/**
 * Registers every model that a pattern names: the very bytes that a trusted run judged, of this source, against
 * today's champion. Runs none of the repository's code.
 */
export async function register(
  context: StepContext,
  options: { model: string; version: string },
): Promise<Statement<'registration'>[]> {
  if (!context.run.trusted) {
    throw new UserError(
      `register accepts only what was judged on the default branch, and this is ${context.run.event ? `a run for ${context.run.event}` : 'not its head'}: a pull request's records are claims until it is merged. Run it from release.yml.`,
    )
  }
  await collectRecords(context)
  const registered: Statement<'registration'>[] = []
  for (const model of await findModels(context.root, options.model))
    registered.push(await registerOne(context, model, options.version))
  return registered
}

async function registerOne(context: StepContext, model: Model, version: string): Promise<Statement<'registration'>> {
  const clock = beginRecord(context)
  const github = needGitHub(context, `register ${model.name}`)
  const evidence = await gatherEvidence(context, model)
  const { digests, source, gate, validation } = evidence
  const release = await describeRelease(context, model, evidence)
  const champion = gate.predicate.champion
  const entered = await enter(github, {
    model: model.name,
    version,
    ...release,
    identity: { model: digests.model, gate: digests.gate },
    source,
    actor: context.run.actor ?? 'modelyard',
    expect: {
      champion: champion?.version ?? null,
      today: (state) => chooseChampion(Object.keys(model.stages), state)?.version ?? null,
      contradiction: (file) => contradictChampion({ gate: gate.predicate, validation: validation.predicate }, file),
    },
  })
  const subject = { name: modelFile(evidence.training.predicate.artifact.name), digest: { sha256: digests.model } }
  const record = await clock.finish('registration', [subject], {
    model: model.name,
    verdict: gate.predicate.verdict,
    reasons: [`${model.name} ${entered.version} is registered${entered.found ? ' already: nothing was written' : ''}.`],
    version: entered.version,
    tag: entered.tag,
    commit: entered.commit,
    bump: entered.bump,
    digests,
    assets: entered.file.assets.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })),
    found: entered.found,
    url: entered.url,
  })
  await saveRecord(context, 'registration', model.name, record)
  return record
}

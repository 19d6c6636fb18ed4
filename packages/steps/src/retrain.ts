import { readDefaultBranch } from '@modelyard/github'
import { renderDriftCleared, renderRetrainPullRequest } from '@modelyard/report'
import { type Model, recordDigest, retrainBranch, type Statement, UserError, type Verdict } from '@modelyard/spec'
import { needGitHub, type StepContext } from './context.ts'
import { asUserError, together } from './each-model.ts'
import { type Outcome, propose, TRAINED_IN, withdraw } from './living-pull-request.ts'
import { findModels } from './models.ts'
import { beginRecord, collectRecords, loadRecord, saveRecord } from './records.ts'
import { reportOn } from './report.ts'
import { mark } from './retrain-marker.ts'
import { loadChanges } from './update.ts'

/**
 * Keeps one retrain pull request for every model that a pattern names, by what this run's check for drift found: made
 * and kept up to date while production is away, closed when it is back. Runs none of the repository's code. A model that
 * was not checked is left as it is.
 */
export async function retrain(context: StepContext, options: { model: string }): Promise<Statement<'retrain'>[]> {
  if (!context.run.trusted) {
    throw new UserError(
      'A retrain pull request is made from what the default branch checked, and this is another run. Run it from drift.yml on the default branch.',
    )
  }
  await collectRecords(context)
  const records: Statement<'retrain'>[] = []
  const errors: UserError[] = []
  for (const model of await findModels(context.root, options.model)) {
    try {
      const drift = await loadRecord(context, 'drift', model.name)
      if (drift) records.push(await answer(context, model, drift))
      else context.log.info(`${model.name} was not checked for drift in this run: its pull request stays as it is.`)
    } catch (error) {
      const mendable = asUserError(error)
      if (!mendable) throw error
      errors.push(mendable)
    }
  }
  if (errors.length > 0) throw together(errors)
  return records
}

async function answer(context: StepContext, model: Model, drift: Statement<'drift'>): Promise<Statement<'retrain'>> {
  const clock = beginRecord(context)
  const { outcome, pull, said, own } = await act(context, model, drift)
  context.log.info(said)
  if (pull && own && outcome !== 'closed') await reportCandidate(context, model, pull)
  const record = await clock.finish('retrain', [], {
    model: model.name,
    verdict: 'pass',
    reasons: [said],
    drift: recordDigest(drift as Statement),
    outcome,
    pull_request: pull ? { number: pull.number, url: pull.url } : null,
    branch: retrainBranch(model.name),
  })
  await saveRecord(context, 'retrain', model.name, record)
  return record
}

/** An alarm proposes; what is back withdraws; what is neither changes nothing. */
async function act(context: StepContext, model: Model, drift: Statement<'drift'>): Promise<Outcome> {
  const github = needGitHub(context, `keep the retrain pull request of ${model.name}`)
  const { verdict, champion, columns } = drift.predicate
  const named = (wanted: Verdict) => columns.filter((column) => column.verdict === wanted).map(({ name }) => name)
  if (verdict === 'inconclusive')
    return { outcome: 'none', said: 'The check could not tell: the pull request stays as it is.', own: false }
  if (verdict !== 'fail') {
    const back = mark({ champion: champion.version, columns: named('pass') })
    return withdraw(github, {
      model: model.name,
      comment: renderDriftCleared(drift),
      isBack: (answers) =>
        verdict === 'pass' ||
        (answers !== undefined &&
          (answers.champion !== back.champion || answers.columns.every((column) => back.columns.includes(column)))),
    })
  }
  const { commit } = context.run
  if (commit === undefined)
    throw new UserError('retrain does not know the commit that was checked: run it in a workflow.')

  const gate = await loadRecord(context, 'gate', model.name)
  const training = await loadRecord(context, 'training', model.name)
  const { title, markdown } = renderRetrainPullRequest(drift, {
    retrain: model.drift?.retrain ?? 'auto',
    ...(gate ? { candidate: gate } : {}),
    ...(context.run.url ? { runUrl: context.run.url } : {}),
  })
  const candidate = training?.predicate.artifact.sha256
  return propose(github, {
    model: model.name,
    base: await readDefaultBranch(github),
    title,
    body: markdown,
    answers: { champion: champion.version, columns: named('fail') },
    onto: commit,
    changes: await loadChanges(context, model.name),
    trailers: {
      'Drift-Digest': recordDigest(drift as Statement),
      ...(candidate === undefined ? {} : { 'Model-Digest': candidate }),
      ...(candidate === undefined || context.run.id === undefined ? {} : { [TRAINED_IN]: context.run.id }),
    },
    identity: ['Model-Digest'],
  })
}

/** The report on the candidate, or on why there is none, as comment and check; nothing where none was asked for. */
async function reportCandidate(
  context: StepContext,
  model: Model,
  pull: { number: number; head: string },
): Promise<void> {
  const left = await Promise.all(
    (['validation', 'training', 'failure'] as const).map((kind) => loadRecord(context, kind, model.name)),
  )
  if (left.every((record) => record === undefined)) return
  const run = { ...context.run, pullRequest: { number: pull.number, head: pull.head, fork: false } }
  await reportOn({ ...context, run }, [model.name])
}

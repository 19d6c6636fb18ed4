import { lets, type Statement } from '@modelyard/spec'
import { code, message, type Phrase, phrase } from '../document/document.ts'
import { shortDigest } from '../document/numbers.ts'
import { gateHeadline, type Headline } from '../gate/headline.ts'
import type { ModelRecords, ReportContext } from './report.ts'

/** The first lines of a report, and what they stand on. */
export interface Decision extends Headline {
  /** Whether it is the gate's word, so that its numbers can be shown. */
  judged: boolean
  /** What a program printed before it failed, line by line. */
  output?: string[]
}

/** The first thing that stands in the way, in the order of the steps; the gate's word if nothing does. */
export function decide(records: ModelRecords, { jobFailed }: ReportContext): Decision {
  const { model, validation, training, gate, failure } = records
  const name = code(model)
  const fail = (first: Phrase, story?: Phrase): Decision => ({
    verdict: 'fail',
    judged: false,
    first: phrase`❌ ${first}`,
    ...(story === undefined ? {} : { story }),
  })
  const ended = jobFailed ? 'the job failed before' : 'the job ended before'

  const stranger = [validation, training, gate, failure].find((record) => record && record.predicate.model !== model)
  if (stranger) return fail(phrase`${name}: a record speaks of another model, ${code(stranger.predicate.model)}`)
  if (failure && isLast(failure, records)) {
    const what = {
      'validate-data': 'the data could not be checked',
      train: 'training failed',
      evaluate: 'the candidate could not be judged',
      'check-drift': 'the training data could not be moved on',
    }
    const [story, ...output] = failure.predicate.reasons
    return {
      ...fail(phrase`${name}: ${what[failure.predicate.step]}`, story === undefined ? story : message(story)),
      output,
    }
  }
  if (!validation) return fail(phrase`${name}: no validation record, ${ended} the data were checked`)
  if (validation.predicate.verdict === 'inconclusive') {
    return {
      verdict: 'inconclusive',
      judged: false,
      first: phrase`🟡 ${name}: not enough evidence to judge the data`,
      story: validation.predicate.reasons[0] ?? '',
    }
  }
  if (validation.predicate.verdict === 'fail')
    return fail(phrase`${name}: the data do not pass their checks`, validation.predicate.reasons[0])
  if (!training) return fail(phrase`${name}: no training record, ${ended} a model was trained`)
  if (!lets(training.predicate.verdict)) return fail(phrase`${name}: training failed`, training.predicate.reasons[0])
  if (!gate) return fail(phrase`${name}: no gate record, ${ended} judging`)
  const misfit = findMisfit(validation, training, gate)
  if (misfit) return fail(phrase`${name}: the records do not belong together`, misfit)
  const headline = gateHeadline(gate.predicate, [validation.predicate.verdict, training.predicate.verdict])
  if (jobFailed && lets(headline.verdict))
    return fail(phrase`${name}: the job failed after judging`, 'Its log says why.')
  return { ...headline, judged: true }
}

/** A failure counts unless its step succeeded later, in another attempt of the run. */
function isLast(failure: Statement<'failure'>, { validation, training, gate }: ModelRecords): boolean {
  const steps = { 'validate-data': validation, train: training, evaluate: gate, 'check-drift': undefined }
  const success = steps[failure.predicate.step]
  return !success || Date.parse(success.predicate.run.finished) <= Date.parse(failure.predicate.run.finished)
}

/** What was judged must be what was trained, on the hold-out that was checked. */
function findMisfit(
  validation: Statement<'validation'>,
  training: Statement<'training'>,
  gate: Statement<'gate'>,
): Phrase | undefined {
  const { artifact } = training.predicate
  const { candidate, holdout } = gate.predicate
  if (artifact.sha256 !== candidate.sha256) {
    return phrase`The gate judged ${code(shortDigest(candidate.sha256))}, and ${code(shortDigest(artifact.sha256))} was trained.`
  }
  const checked = validation.predicate.datasets.find(({ role }) => role === 'holdout')
  if (checked?.sha256 !== holdout.sha256) {
    return phrase`The gate judged on hold-out ${code(shortDigest(holdout.sha256))}, and ${checked ? code(shortDigest(checked.sha256)) : 'none'} was checked.`
  }
  return undefined
}

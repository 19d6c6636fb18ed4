import { lets, type Verdict, type VersionFile } from '@modelyard/spec'
import { type Block, code, join, link, type Phrase, phrase, strong } from '../document/document.ts'
import { renderMarkdown } from '../document/markdown.ts'
import { ICONS } from '../gate/headline.ts'
import { comparison, metricTable, toApprove } from '../registry/version-facts.ts'

/** What a deployment would do, before anybody is asked. */
export interface DeploymentPlan {
  model: string
  stage: string
  version: string
  /** The version that the stage holds now; null where it holds none. */
  replaces: string | null
  /** SHA-256 of the model that goes live. */
  digest: string
  /** SHA-256 of the model that it replaces. */
  replacedDigest?: string | null
  /** The GitHub environment whose reviewers are asked; null where nobody is. */
  environment: string | null
  /** The name of the job that waits: `flight-delay v1.1.0 → production (replaces v1.0.0)`. */
  title: string
  /** Whether the stage holds the version already. */
  already?: boolean
  /** Users and teams that may approve. */
  reviewers: string[]
  /** What the gate said when the version was registered, against which champion, with which numbers. */
  verdict?: Verdict
  /** Why a person has to approve the version, where the gate left that to one. */
  approval?: VersionFile['approval']
  champion?: string | null
  metrics?: VersionFile['metrics']
}

export interface DeploymentPlanContext {
  /** The release of the version that goes live. */
  releaseUrl?: string
  /** The page of the workflow that moves the stage back. */
  rollbackUrl?: string
  /** Whether that workflow must be told the stage: it takes the last one otherwise. */
  rollbackNeedsStage?: boolean
}

/** The job summary that an approver reads: what goes live, what it replaces, how it was judged, how to go back. */
export function renderDeploymentPlan(plan: DeploymentPlan, context: DeploymentPlanContext = {}): string {
  const blocks: Block[] = [
    { heading: plan.already ? `${plan.model} ${plan.version} is in ${plan.stage} already` : `🚀 ${plan.title}` },
    ...(plan.already
      ? [{ paragraph: 'To go on changes nothing but a target that serves something else. How it came there:' }]
      : []),
    {
      table: {
        head: ['', 'version', 'SHA-256'],
        align: ['l', 'l', 'l'],
        rows: [
          ['goes live', link(strong(plan.version), context.releaseUrl), code(plan.digest)],
          plan.replaces === null
            ? ['is replaced', phrase`nothing: ${plan.stage} is empty`, '']
            : ['is replaced', plan.replaces, typeof plan.replacedDigest === 'string' ? code(plan.replacedDigest) : ''],
        ],
      },
    },
    { paragraph: asked(plan) },
    ...judgement(plan),
    { paragraph: undo(plan, context) },
  ]
  return renderMarkdown(blocks, { budget: 1_000_000, notice: 'Shortened to fit into a job summary.' })
}

function asked({ environment, reviewers }: DeploymentPlan): Phrase {
  if (environment === null) return 'Nobody is asked: the stage names no environment.'
  if (reviewers.length === 0) return phrase`The environment ${code(environment)} names no reviewers.`
  return phrase`Asked to approve, for the environment ${code(environment)}: ${join(reviewers.map(code), ', ')}.`
}

function judgement({ verdict, approval, champion, metrics }: DeploymentPlan): Block[] {
  if (verdict === undefined) return [{ paragraph: '⚠️ The verdict of the gate is not known.' }]
  const said = phrase`${ICONS[verdict]} The gate said ${code(verdict)}${lets(verdict) ? '' : ': this version should not be here'}.`
  const open = toApprove({ approval })
  if (!metrics || champion === undefined) return [{ paragraph: said }, ...open]
  return [
    { paragraph: phrase`${said} ${comparison({ champion, metrics, verdict, approval })}` },
    ...open,
    metricTable({ champion, metrics }),
  ]
}

function undo(
  { model, stage, version, replaces }: DeploymentPlan,
  { rollbackUrl, rollbackNeedsStage = false }: DeploymentPlanContext,
): Phrase {
  if (replaces === null)
    return phrase`There is no way back from the first version in ${stage} but another version: ${version} is the first.`
  return phrase`To go back to ${replaces}: run ${link(strong('rollback'), rollbackUrl)} with model ${code(model)}${rollbackNeedsStage ? phrase` and stage ${code(stage)}` : ''}.`
}

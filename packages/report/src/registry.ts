import { type Holding, METRICS, type ModelSummary, type VersionSummary } from '@modelyard/spec'
import { type Block, code, phrase, strong } from './document.ts'
import { formatValue, scaleOf } from './metrics.ts'
import { countOf, formatMinute, shortDigest } from './numbers.ts'
import { renderText } from './terminal.ts'

type Style = { color?: boolean }

/** More stages than so many stand in one column together: a terminal is not that wide. */
const MOST_STAGES = 4
const MOST_METRICS = 3
const NONE = '—'

/** All models of a registry, a line each; `at` is the moment (ISO 8601) as of which it speaks. */
export function renderModels(
  models: readonly ModelSummary[],
  { at, color = false }: { at?: string | undefined } & Style = {},
): string {
  const stages = [...new Set(models.flatMap((model) => model.stages.map(({ stage }) => stage)))]
  const wide = stages.length <= MOST_STAGES
  const hasBad = models.some(({ quarantined }) => quarantined.length > 0)
  const heading = `${countOf(models.length, 'model')}${at === undefined ? '' : `, as of ${formatMinute(at)} UTC`}`
  return renderText(
    [
      { heading },
      {
        table: {
          head: ['model', 'latest', ...(wide ? stages : ['stages']), ...(hasBad ? ['quarantine'] : []), 'newest event'],
          align: ['l', 'l', ...(wide ? stages : ['']).map(() => 'l' as const), ...(hasBad ? ['l' as const] : []), 'l'],
          rows: models.map((each) => [
            each.deprecated ? [code(each.model), ' (deprecated)'] : code(each.model),
            each.latest ?? NONE,
            ...(wide ? stages.map((stage) => inStage(each, stage)) : [allStages(each)]),
            ...(hasBad ? [each.quarantined.join(', ')] : []),
            each.updated === null ? NONE : formatMinute(each.updated),
          ]),
        },
      },
    ],
    { color },
  )
}

/** One model: what each stage holds, since when, by whom and why. */
export function renderModel(
  model: ModelSummary,
  { at, color = false }: { at?: string | undefined } & Style = {},
): string {
  const { latest, versions, quarantined, deprecated, stages } = model
  const when = at === undefined ? '' : `, as of ${formatMinute(at)} UTC`
  const said =
    versions === 0 ? 'no version' : `${countOf(versions, 'version')}, the latest is ${latest ?? 'in quarantine'}`
  return renderText(
    [
      { heading: phrase`${code(model.model)}: ${said}${when}` },
      ...(deprecated
        ? [{ paragraph: 'It is deprecated: nothing of it goes anywhere until a new version comes.' }]
        : []),
      ...(quarantined.length > 0 ? [{ paragraph: `In quarantine: ${quarantined.join(', ')}.` }] : []),
      stages.length === 0 ? { paragraph: 'Nothing is in a stage.' } : stageTable(stages),
    ],
    { color },
  )
}

/** The versions of a model, with the metrics that the first of them has. */
export function renderVersions(versions: readonly VersionSummary[], { color = false }: Style = {}): string {
  const metrics = versions.find(({ metrics }) => metrics.length > 0)?.metrics.slice(0, MOST_METRICS) ?? []
  const cell = ({ metrics: own }: VersionSummary, name: (typeof metrics)[number]['name']) => {
    const candidate = own.find((metric) => metric.name === name)?.value
    return candidate ? formatValue(candidate.value, scaleOf(name, { candidate }, [])) : NONE
  }
  return renderText(
    [
      {
        table: {
          head: ['version', 'registered', 'by', 'where', ...metrics.map(({ name }) => METRICS[name].label), 'SHA-256'],
          align: ['l', 'l', 'l', 'l', ...metrics.map(() => 'r' as const), 'l'],
          rows: versions.map((version) => [
            version.version,
            formatMinute(version.time),
            version.actor,
            standing(version),
            ...metrics.map(({ name }) => cell(version, name)),
            version.digest === null ? NONE : code(shortDigest(version.digest)),
          ]),
        },
      },
    ],
    { color },
  )
}

function stageTable(stages: readonly Holding[]): Block {
  return {
    table: {
      head: ['stage', 'holds', 'since, UTC', 'by', 'tag', 'why'],
      align: ['l', 'l', 'l', 'l', 'l', 'l'],
      rows: stages.map(({ stage, version, since, actor, tag, reason }) => [
        code(stage),
        version === null ? 'nothing' : strong(shortVersion(version)),
        formatMinute(since),
        actor,
        code(tag),
        reason,
      ]),
    },
  }
}

function inStage({ stages }: ModelSummary, stage: string): string {
  const version = stages.find((holding) => holding.stage === stage)?.version
  return version === undefined || version === null ? NONE : shortVersion(version)
}

function allStages({ stages }: ModelSummary): string {
  return stages
    .flatMap(({ stage, version }) => (version === null ? [] : [`${stage} ${shortVersion(version)}`]))
    .join(', ')
}

/** Where no version was registered, a commit stands for one. */
export function shortVersion(version: string): string {
  return /^[0-9a-f]{40,64}$/.test(version) ? `commit ${shortDigest(version, 7)}` : version
}

function standing({ standing, stages }: VersionSummary): string {
  return [...(standing === 'in force' ? [] : [standing]), ...stages].join(', ')
}

import { type Holding, type ModelSummary, metricFacts, type VersionSummary } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase, strong } from '../document/document.ts'
import { countOf, formatMinute, shortDigest } from '../document/numbers.ts'
import { renderText } from '../document/terminal.ts'
import { formatValue, scaleOf } from '../gate/metrics.ts'

type Style = { color?: boolean }

/** The names of stages that side by side take more columns than this stand below each other: a terminal is not that wide. */
const WIDEST = 40
const MOST_METRICS = 2
const NONE = '—'

/** Of a repository in which nothing happened yet. */
export const EMPTY = 'The registry is empty: no tag tells of a model. The first version begins it (register).'

/** All models of a registry; `at` is the moment (ISO 8601) as of which it speaks. */
export function renderModels(
  models: readonly ModelSummary[],
  { at, color = false }: { at?: string | undefined } & Style = {},
): string {
  if (models.length === 0) return at === undefined ? EMPTY : `No model was registered by ${formatMinute(at)} UTC.`
  const stages = [...new Set(models.flatMap((model) => model.stages.map(({ stage }) => stage)))]
  const heading = `${countOf(models.length, 'model')}${at === undefined ? '' : `, as of ${formatMinute(at)} UTC`}`
  const table = stages.join('  ').length > WIDEST ? tall(models) : wide(models, stages)
  return renderText([{ heading }, table], { color })
}

/** A line for each model, a column for each stage. */
function wide(models: readonly ModelSummary[], stages: readonly string[]): Block {
  const hasBad = models.some(({ quarantined }) => quarantined.length > 0)
  const head = ['model', 'latest', ...stages, ...(hasBad ? ['quarantine'] : []), 'newest event']
  const rows = models.map((model) => [
    nameOf(model),
    model.latest ?? NONE,
    ...stages.map((stage) => versionOf(model.stages.find((holding) => holding.stage === stage))),
    ...(hasBad ? [model.quarantined.join(', ')] : []),
    newest(model),
  ])
  return { table: { head, align: head.map(() => 'l' as const), rows } }
}

/** A line for each stage of each model. */
function tall(models: readonly ModelSummary[]): Block {
  const rows = models.flatMap((model) => {
    const [first, ...rest] = model.stages
    return [
      [nameOf(model), model.latest ?? NONE, first?.stage ?? NONE, versionOf(first), newest(model)],
      ...rest.map((holding) => ['', '', holding.stage, versionOf(holding), '']),
    ]
  })
  const head = ['model', 'latest', 'stage', 'holds', 'newest event']
  return { table: { head, align: head.map(() => 'l' as const), rows } }
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
          head: [
            'version',
            'registered',
            'by',
            'where',
            ...metrics.map(({ name }) => metricFacts(name).label),
            'SHA-256',
          ],
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

function nameOf({ model, deprecated }: ModelSummary): Phrase {
  return deprecated ? [code(model), ' (deprecated)'] : code(model)
}

function versionOf(holding: Holding | undefined): string {
  return holding?.version ? shortVersion(holding.version) : NONE
}

function newest({ updated }: ModelSummary): string {
  return updated === null ? NONE : formatMinute(updated)
}

/** Where no version was registered, a commit stands for one. */
export function shortVersion(version: string): string {
  return /^[0-9a-f]{40,64}$/.test(version) ? `commit ${shortDigest(version, 7)}` : version
}

function standing({ standing, stages }: VersionSummary): string {
  return [...(standing === 'in force' ? [] : [standing]), ...stages].join(', ')
}

import { metricFacts, recordsFolder, type VersionFile } from '@modelyard/spec'
import { code, link, phrase } from '../document/document.ts'
import { renderMarkdown } from '../document/markdown.ts'
import { shortDigest } from '../document/numbers.ts'
import { signatureTable } from './signature.ts'
import { comparison, dataTable, metricTable, owners, toApprove } from './version-facts.ts'

export interface ModelCardContext {
  /** `https://github.com/owner/name`. */
  repositoryUrl: string
  tag: string
}

const BUDGET = 100_000

/** Hugging Face's names for the kinds of task that we know. */
const TASKS: Record<string, string> = {
  'binary-classification': 'tabular-classification',
  'multiclass-classification': 'tabular-classification',
  'multilabel-classification': 'tabular-classification',
  regression: 'tabular-regression',
  forecasting: 'time-series-forecasting',
}

/**
 * The model card of a version: Hugging Face's front matter with a `model-index`
 * (https://github.com/huggingface/hub-docs/blob/main/modelcard.md), then the facts of the release page.
 */
export function renderModelCard(
  version: Omit<VersionFile, 'assets'>,
  { repositoryUrl, tag }: ModelCardContext,
): string {
  const release = `${repositoryUrl}/releases/tag/${tag.split('/').map(encodeURIComponent).join('/')}`
  const text = renderMarkdown(
    [
      { heading: phrase`${code(version.model)} ${version.version}` },
      ...(version.description === null ? [] : [{ paragraph: version.description }]),
      { paragraph: comparison(version) },
      ...toApprove(version),
      metricTable(version),
      ...owners(version),
      { heading: 'What goes in and comes out' },
      signatureTable(version.signature),
      { heading: 'Data' },
      dataTable(version),
      { heading: 'Where it comes from' },
      {
        list: [
          phrase`Release: ${link(code(tag), release)}`,
          phrase`Source: commit ${link(code(shortDigest(version.source.commit, 7)), `${repositoryUrl}/commit/${version.source.commit}`)}`,
          phrase`Model: SHA-256 ${code(version.digests.model)}`,
          phrase`Gate: ${code(version.verdict)}, record SHA-256 ${code(version.digests.gate)}`,
        ],
      },
    ],
    {
      budget: BUDGET,
      notice: phrase`Shortened. ${code(`${recordsFolder(version.model)}/version.json`)} in the tag's commit holds all of it.`,
    },
  )
  return `${frontMatter(version)}\n\n${text}\n`
}

/** YAML as JSON inside, so that no name or number can be anything but itself. */
function frontMatter(version: Omit<VersionFile, 'assets'>): string {
  const task = TASKS[version.task]
  const holdout = version.data.find(({ role }) => role === 'holdout')
  const metrics = version.metrics.flatMap(({ name, candidate }) =>
    candidate.value === null
      ? []
      : [
          {
            type: name,
            name: metricFacts(name).label,
            value: candidate.value,
            args: { interval: [candidate.low, candidate.high] },
          },
        ],
  )
  const index = [
    {
      name: version.model,
      results: [
        {
          task: { type: task ?? version.task },
          dataset: {
            type: 'holdout',
            name: `${version.model} hold-out`,
            ...(holdout ? { revision: holdout.sha256 } : {}),
          },
          metrics,
        },
      ],
    },
  ]
  return [
    '---',
    'library_name: onnx',
    ...(task === undefined ? [] : [`pipeline_tag: ${task}`]),
    'tags: [onnx, modelyard]',
    `version: ${JSON.stringify(version.version)}`,
    `model-index: ${JSON.stringify(index, null, 2)}`,
    '---',
  ].join('\n')
}

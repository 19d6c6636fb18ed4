import type { Predicate } from '@modelyard/spec'
import { type Block, code, join, link, type Phrase, phrase } from '../document/document.ts'
import { countOf, formatBytes, formatCount, shortDigest } from '../document/numbers.ts'
import { ICONS } from '../gate/headline.ts'
import { firstRows } from './first-rows.ts'

type Validation = Predicate<'validation'>
type Training = Predicate<'training'>
type Gate = Predicate<'gate'>
type Check = Validation['checks'][number]

/** The checks that did not simply pass, the gravest first. */
export function brokenChecks(checks: readonly Check[]): Check[] {
  const order = ['fail', 'inconclusive', 'warn'] as const
  return order.flatMap((verdict) => checks.filter((check) => check.verdict === verdict))
}

/** The checks of the data that did not simply pass, as a table, the gravest first. */
export function failedChecks(checks: readonly Check[]): Block[] {
  const rows = brokenChecks(checks)
  if (rows.length === 0) return []
  const shows = rows.some(({ examples }) => examples)
  return [
    {
      table: {
        head: ['', 'data', 'column', 'asked', 'found', 'failing rows', ...(shows ? ['first of them'] : []), 'line'],
        align: ['l', 'l', 'l', 'l', 'l', 'r', ...(shows ? ['l' as const] : []), 'r'],
        rows: rows.map((check) => [
          ICONS[check.verdict],
          check.dataset,
          check.column === null ? '' : code(check.column),
          check.expected,
          check.found,
          formatCount(check.failing),
          ...(shows ? [firstRows(check.examples ?? [])] : []),
          check.line === undefined ? '' : String(check.line),
        ]),
      },
    },
  ]
}

/** `41 checks, all pass`. */
export function checkCount({ checks }: Validation): string {
  const held = checks.filter(({ verdict }) => verdict !== 'pass').length
  if (checks.length === 0) return 'no check was made'
  if (held === 0) return `${countOf(checks.length, 'check')}, all pass`
  return `${formatCount(held)} of ${countOf(checks.length, 'check')} do not pass`
}

/** The datasets by rows, columns and digest. */
function datasetTable({ datasets }: Validation): Block {
  return {
    table: {
      head: ['data', 'rows', 'columns', 'files', 'size', 'SHA-256'],
      align: ['l', 'r', 'r', 'r', 'r', 'l'],
      rows: datasets.map(({ role, rows, columns, files, sha256 }) => [
        nameOf(role),
        formatCount(rows),
        formatCount(columns.length),
        formatCount(files.length),
        formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0)),
        code(shortDigest(sha256)),
      ]),
    },
  }
}

export function nameOf(role: 'train' | 'holdout'): string {
  return role === 'train' ? 'training' : 'hold-out'
}

/** The data, folded away: rows and what the contract found. `shown` says that the failed checks stand elsewhere. */
export function dataDetails(validation: Validation, { shown }: { shown: boolean }): Block[] {
  const rows = validation.datasets.map(({ role, rows }) => `${nameOf(role)} ${countOf(rows, 'row')}`).join(', ')
  const contract: Phrase = validation.contract
    ? phrase`Contract: ${code(validation.contract.file)}, SHA-256 ${code(shortDigest(validation.contract.sha256))}.`
    : 'There is no contract: training and hold-out data were checked against each other alone.'
  return [
    {
      details: `Data: ${[rows, checkCount(validation)].filter((part) => part !== '').join(' · ')}`,
      blocks: [...(shown ? [] : failedChecks(validation.checks)), datasetTable(validation), { paragraph: contract }],
    },
  ]
}

/** What the numbers were made from and with, and how to make them again. */
export function lineageDetails(
  { training, gate }: { training?: Training | undefined; gate?: Gate | undefined },
  {
    replay,
    modelFile,
    runUrl,
  }: { replay?: readonly string[] | undefined; modelFile?: string | undefined; runUrl?: string | undefined },
): Block[] {
  const facts: Phrase[] = []
  const fact = (name: string, value: Phrase) => facts.push(phrase`${name}: ${value}`)
  if (modelFile !== undefined) fact('Model file', code(modelFile))
  const sha256 = gate?.candidate.sha256 ?? training?.artifact.sha256
  if (sha256 !== undefined) {
    const size = training ? `, ${formatBytes(training.artifact.bytes)}` : ''
    fact('Candidate', phrase`SHA-256 ${code(sha256)}${size}`)
  }
  if (gate?.champion) fact('Champion', phrase`${code(gate.champion.version)}, SHA-256 ${code(gate.champion.sha256)}`)
  if (training) {
    fact('Identity of the training', code(training.identity))
    fact(
      'Training data',
      join(
        training.data.map((each) => phrase`${nameOf(each.role)} ${code(shortDigest(each.sha256))}`),
        ', ',
      ),
    )
    fact(
      'Code',
      join(
        training.code.map((file) => phrase`${code(file.name)} ${code(shortDigest(file.sha256))}`),
        ', ',
      ),
    )
    if (training.run.reused !== undefined) fact('Trained earlier, in', code(training.run.reused))
  }
  if (gate)
    fact(
      'Judged on',
      phrase`${countOf(gate.holdout.rows, 'row')} of hold-out ${code(shortDigest(gate.holdout.sha256))}${gate.holdout.groups === null ? '' : ` in ${countOf(gate.holdout.groups, 'group')}`}`,
    )
  if (gate?.predictions) fact('Predictions', phrase`by the repository's own command ${code(gate.predictions.command)}`)
  if (gate?.scores) fact('Metrics of its own', phrase`by the repository's own command ${code(gate.scores.command)}`)
  if (gate?.parity) fact('ONNX against the framework', parityOf(gate.parity))
  for (const [step, predicate] of [
    ['Trained with', training],
    ['Judged with', gate],
  ] as const) {
    if (predicate) fact(step, engineOf(predicate))
  }
  if (gate && methodsOf(gate) !== '') fact('How the differences were compared', methodsOf(gate))
  const sources = [training, gate].flatMap((each) => (each ? [each.source] : []))
  if (sources.some(({ dirty }) => dirty)) facts.push('⚠️ Tracked files differed from the commit when this ran.')
  if (runUrl !== undefined) facts.push(phrase`${link('The run', runUrl)}`)
  const blocks: Block[] = facts.length > 0 ? [{ list: facts }] : []
  if (training) blocks.push({ paragraph: 'Trained by' }, { listing: training.command, language: 'sh' })
  if (gate && replay !== undefined)
    blocks.push({ paragraph: 'The same verdict on a laptop' }, { listing: replay.join('\n'), language: 'sh' })
  if (blocks.length === 0) return []
  const title =
    !gate || replay === undefined
      ? 'Lineage and environment'
      : phrase`Lineage, environment, and how to get this same verdict on a laptop: ${code(replay.at(-1)!)}`
  return [{ details: title, blocks }]
}

export function engineOf({ engine }: Pick<Gate, 'engine'>): string {
  const { modelyard, duckdb, onnxruntime, provider, threads, seed } = engine
  return [
    `Modelyard ${modelyard}`,
    duckdb === undefined ? '' : `DuckDB ${duckdb}`,
    onnxruntime === undefined ? '' : `ONNX Runtime ${onnxruntime}${provider === undefined ? '' : ` (${provider})`}`,
    threads === undefined ? '' : countOf(threads, 'thread'),
    seed === undefined ? '' : `seed ${seed}`,
  ]
    .filter((part) => part !== '')
    .join(', ')
}

function methodsOf(gate: Gate): string {
  const methods = [...gate.metrics, ...gate.slices].flatMap(({ difference }) => (difference ? [difference.method] : []))
  return [...new Set(methods)].join(', ')
}

function parityOf({ rows, max_difference, disagreements }: NonNullable<Gate['parity']>): string {
  const parts = [
    max_difference === null ? '' : `differ by ${max_difference.toPrecision(2)} at most`,
    disagreements === null
      ? ''
      : `give ${disagreements === 0 ? 'the same label on every row' : `another label on ${countOf(disagreements, 'row')}`}`,
  ].filter((part) => part !== '')
  return `predictions of ${countOf(rows, 'row')} ${parts.join(' and ')}`
}

/** Why records let through with warnings: their reasons without those of the gates that pass, and the one of the first lines. */
export function warnings(records: ReadonlyArray<Validation | Training | Gate | undefined>): Block[] {
  const reasons = records.flatMap((record) => {
    if (record?.verdict !== 'warn') return []
    const passing = 'gates' in record ? record.gates.filter(({ verdict }) => verdict === 'pass') : []
    const told = 'approval' in record ? record.approval?.[0] : undefined
    return record.reasons
      .filter((reason) => reason !== told && !passing.some((each) => each.reason === reason))
      .slice(0, 5)
  })
  return reasons.length === 0 ? [] : [{ list: reasons.map((reason, index) => (index === 0 ? `⚠️ ${reason}` : reason)) }]
}

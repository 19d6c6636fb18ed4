import { type Kind, lets, type Predicate, parsePredicateType, recordDigest, type Statement } from '@modelyard/spec'
import { type Block, capital, code, link, message, type Phrase, phrase } from './document/document.ts'
import { renderMarkdown } from './document/markdown.ts'
import { formatBytes, formatDuration } from './document/numbers.ts'
import { renderText } from './document/terminal.ts'
import { driftBlocks } from './drift/drift.ts'
import { evidenceDetails } from './gate/ahead.ts'
import { gateDetails } from './gate/gate-details.ts'
import { gateNotes } from './gate/gate-notes.ts'
import { gateTable } from './gate/gate-table.ts'
import { gateHeadline, ICONS } from './gate/headline.ts'
import { signatureTable } from './registry/signature.ts'
import { changeDetails, gateChangeDetails } from './report/data-changes.ts'
import { checkCount, dataDetails, engineOf, failedChecks, lineageDetails, warnings } from './report/details.ts'
import { otherReasons, terminalChecks } from './report/terminal-checks.ts'

/** GitHub drops a step's whole summary at 1 MiB; some room is left for what others write into the file. */
const BUDGET = 1_000_000

/** The job summary of a step from its record, at most 1 MB of markdown. */
export function renderStepSummary(record: Statement): string {
  return renderStepSummaries([record])
}

/** The job summary of a step that made several records, such as one for each model: together at most 1 MB. */
export function renderStepSummaries(records: readonly Statement[]): string {
  const budget = Math.floor(BUDGET / Math.max(1, records.length)) - 2
  return records
    .map((record) =>
      renderMarkdown(blocksOf(record), {
        budget,
        notice: 'Shortened to fit into a job summary. The record holds all of it.',
      }),
    )
    .join('\n\n')
}

/** The same facts and tables as plain text for a terminal, without colour unless asked. */
export function renderTerminal(record: Statement, { color = false }: { color?: boolean } = {}): string {
  return renderText(blocksOf(record, TERMINAL_WRITERS), { color })
}

function blocksOf(record: Statement, writers: Writers = WRITERS): Block[] {
  const kind = parsePredicateType(record.predicateType)?.kind
  if (!kind) throw new TypeError(`no record: ${record.predicateType}`)
  const writer = writers[kind] as (predicate: unknown) => Block[]
  const digest: Block = { small: phrase`Record: ${kind}, ${code(recordDigest(record))}` }
  return [...writer(record.predicate), digest]
}

type Writers = { [K in Kind]: (predicate: Predicate<K>) => Block[] }

const WRITERS: Writers = {
  plan: ({ models, verdict, reasons }) => [
    {
      heading: `${ICONS[verdict]} ${models.length === 1 ? 'One model' : `${models.length} models`} in this repository`,
    },
    {
      table: {
        head: ['model', 'file'],
        align: ['l', 'l'],
        rows: models.map(({ name, file }) => [code(name), code(file)]),
      },
    },
    ...reasonsOf(reasons),
  ],
  validation: (validation) =>
    validationBlocks(validation, { reasons: validation.reasons, broken: failedChecks(validation.checks) }),
  training: (training) => {
    const { model, verdict, run, artifact } = training
    const said = lets(verdict)
      ? run.reused === undefined
        ? `trained in ${durationOf(training)}`
        : 'trained in an earlier run; the same code, data and command'
      : 'training failed'
    return [
      heading(verdict, model, said),
      ...(verdict === 'pass' ? [] : reasonsOf(training.reasons)),
      { paragraph: phrase`${code(artifact.name)}, ${formatBytes(artifact.bytes)}, SHA-256 ${code(artifact.sha256)}` },
      signatureTable(training.signature),
      ...lineageDetails({ training }, {}),
    ]
  },
  gate: (gate) => {
    const { first, story } = gateHeadline(gate)
    return [
      { heading: first },
      ...(story === undefined ? [] : [{ paragraph: story }]),
      ...warnings([gate]),
      ...gateTable(gate),
      ...gateNotes(gate),
      ...gateDetails(gate, {}),
      ...gateChangeDetails(gate),
      ...lineageDetails({ gate }, {}),
    ]
  },
  registration: ({ model, version, verdict, reasons, tag, commit, url, found, digests, assets }) => [
    heading(verdict, model, lets(verdict) ? `registered ${found ? 'already, ' : ''}as ${version}` : 'not registered'),
    ...reasonsOf(verdict === 'pass' ? [] : reasons),
    {
      list: [
        phrase`Release: ${link(code(tag), url)}`,
        phrase`Registry commit: ${code(commit)}`,
        phrase`Model: SHA-256 ${code(digests.model)}`,
        phrase`What the gate record says, without the times of its run: SHA-256 ${code(digests.gate)}`,
      ],
    },
    {
      table: {
        head: ['asset', 'size', 'SHA-256 of the file'],
        align: ['l', 'r', 'l'],
        rows: assets.map(({ name, bytes, sha256 }) => [code(name), formatBytes(bytes), code(sha256)]),
      },
    },
  ],
  deployment: ({
    model,
    stage,
    version,
    verdict,
    reasons,
    tag,
    replaces,
    digest,
    target,
    environment,
    proof,
    approvals,
  }) => {
    const instead = replaces === null ? 'the first version there' : `it replaces ${replaces}`
    const proofs = {
      oidc: 'the identity token of the job names it',
      approvals: 'this run was approved for it',
      'none-asked': 'the stage has none',
    }
    return [
      heading(
        verdict,
        model,
        lets(verdict) ? `${version} is live in ${stage}; ${instead}` : `${version} is not live in ${stage}`,
      ),
      ...reasonsOf(verdict === 'pass' ? [] : reasons),
      {
        list: [
          phrase`Tag: ${code(tag)}`,
          phrase`Model: SHA-256 ${code(digest)}`,
          ...(target.kind === 'none'
            ? ['No target: the stage is its tag alone.']
            : [
                phrase`Read back from the target (${target.kind}): ${target.observed === null ? 'nothing' : code(target.observed)}`,
              ]),
          phrase`Environment: ${environment === null ? 'none' : code(environment)}; ${proofs[proof]}`,
          ...approvals.map(
            ({ user, comment }) => phrase`Approved by ${code(user)}${comment === '' ? '' : `: ${comment}`}`,
          ),
        ],
      },
    ]
  },
  report: ({ model, verdict, reasons, records, claims }) => [
    heading(verdict, model, 'reported'),
    ...reasonsOf(reasons),
    ...(claims ? [{ note: 'The records come from a fork: they are claims of its run.' }] : []),
    { list: records.map(({ kind, sha256 }): Phrase => phrase`${kind} record ${code(sha256)}`) },
  ],
  fetch: ({ model, version, verdict, reasons, file }) => [
    heading(verdict, model, lets(verdict) ? `${version} is fetched and verified` : `${version} is not fetched`),
    ...reasonsOf(verdict === 'pass' ? [] : reasons),
    { paragraph: phrase`${code(file.name)}, ${formatBytes(file.bytes)}, SHA-256 ${code(file.sha256)}` },
  ],
  rollback: ({ model, verdict, reasons, stage, to, tag, quarantine, digest, target, why }) => [
    heading(verdict, model, `${stage} is back at ${to}`),
    ...reasonsOf(reasons),
    {
      list: [
        phrase`Why: ${why}`,
        phrase`Tags: ${code(tag)}, ${code(quarantine)}`,
        phrase`Model: SHA-256 ${code(digest)}`,
        target.kind === 'none'
          ? 'No target: the stage is its tag alone.'
          : phrase`Read back from the target (${target.kind}): ${target.observed === null ? 'nothing' : code(target.observed)}`,
      ],
    },
  ],
  drift: driftBlocks,
  retrain: ({ model, verdict, reasons, pull_request }) => [
    heading(
      verdict,
      model,
      pull_request === null
        ? 'no retrain pull request'
        : link(`the retrain pull request #${pull_request.number}`, pull_request.url),
    ),
    ...reasonsOf(reasons),
  ],
  failure: ({ model, verdict, reasons, step, ...rest }) => [
    heading(verdict, model, phrase`${code(step)} could not do its work`),
    ...reasonsOf(reasons.slice(0, 1)),
    ...(reasons.length > 1 ? [{ listing: reasons.slice(1).join('\n'), language: 'text' }] : []),
    { paragraph: engineOf(rest) },
  ],
}

/** Text for a terminal has less room: what a check asked and found stands there once. */
const TERMINAL_WRITERS: Writers = {
  ...WRITERS,
  validation: (validation) =>
    validationBlocks(validation, { reasons: otherReasons(validation), broken: terminalChecks(validation.checks) }),
}

function validationBlocks(
  validation: Predicate<'validation'>,
  { reasons, broken }: { reasons: readonly string[]; broken: Block[] },
): Block[] {
  const { model, verdict } = validation
  const said = {
    pass: validation.contract ? 'the data pass the contract' : 'the data pass their checks; there is no contract',
    warn: `the data pass ${validation.contract ? 'the contract' : 'their checks'}, with warnings`,
    fail: 'the data do not pass their checks',
    inconclusive: 'not enough evidence to judge the data',
  }[verdict]
  return [
    heading(verdict, model, said),
    ...(verdict === 'pass' ? [{ paragraph: phrase`${capital(checkCount(validation))}.` }] : reasonsOf(reasons)),
    ...broken,
    ...evidenceDetails(validation, { open: true }),
    ...changeDetails(validation),
    ...dataDetails(validation, { shown: true }),
  ]
}

function heading(verdict: Predicate<Kind>['verdict'], model: string, said: Phrase): Block {
  return { heading: phrase`${ICONS[verdict]} ${code(model)}: ${said}` }
}

function reasonsOf(reasons: readonly string[]): Block[] {
  return reasons.map((reason) => ({ paragraph: message(reason) }))
}

function durationOf({ run }: Predicate<'training'>): string {
  return formatDuration(Date.parse(run.finished) - Date.parse(run.started))
}

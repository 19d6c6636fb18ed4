import { checkCount } from '@modelyard/report'
import { lets, UserError } from '@modelyard/spec'
import {
  checkDrift,
  deploy,
  eachModel,
  evaluate,
  fetchModel,
  findModel,
  findModels,
  plan,
  planDeploy,
  planRollback,
  readShard,
  register,
  report,
  rollback,
  train,
  validateModels,
} from '@modelyard/steps'
import { changed } from './changed.ts'
import { CONTRACT_VERBS } from './contract/verbs.ts'
import { doctor } from './doctor.ts'
import { history } from './history.ts'
import { init } from './init.ts'
import { local } from './local.ts'
import { quarantine } from './quarantine.ts'
import { REGISTRY_VERBS } from './registry/verbs.ts'
import { replay } from './replay.ts'
import { withTrust } from './trust.ts'
import type { Verb } from './verb.ts'

const model = {
  description: "The model file: a path from here or from the repository's root, or a glob from the root.",
  fallback: 'model.yaml',
}

/** What `replay` and `changed` take. */
const record = (files: string) => ({
  name: 'record',
  description: `The record: the ${files} of a run or of a release, its files beside it.`,
})
const ofRecord = {
  model: { ...model, fallback: '**/model.yaml' },
  champion: {
    description:
      "The champion's model: a file, or a folder as `modelyard fetch` fills it (default: beside the record).",
    fallback: '',
  },
}

export const VERBS: Record<string, Verb> = {
  init: {
    summary: 'write a model file, a contract and the workflows for what this repository holds',
    options: {
      path: { description: "The folder of the model's files.", fallback: '.' },
      data: { description: 'The data file, if it cannot be told from the code.', fallback: '' },
      label: { description: 'The column with the truth, if it cannot be told from the code.', fallback: '' },
      forks: { description: 'Add the workflow that reports on pull requests from forks.', flag: true },
      yes: { description: 'Write without asking.', flag: true },
    },
    example: 'modelyard init',
    talk: init,
  },
  plan: {
    summary: 'find the models of this repository and check their model files and contracts',
    options: { model: { ...model, fallback: '**/model.yaml' } },
    example: 'modelyard plan',
    run: async (context, options) => [await plan(context, { model: options.model! })],
  },
  validate: {
    summary: 'make the data and check them against their contract and each other',
    options: {
      model,
      shard: { description: 'Look at a share of the rows only: 2/4 is the second of four shards.', fallback: '' },
      merge: { description: 'Make the record of what was found in all shards.', flag: true },
    },
    example: 'modelyard validate --model models/flight-delay/model.yaml',
    run: async (context, { model: pattern, shard: written, merge }) => {
      const shard = readShard(written!, 'The option --shard')
      const records = await validateModels(context, pattern!, { shard, merge: merge === 'true' })
      for (const { predicate } of records) {
        if (!lets(predicate.verdict))
          context.log.warn({ message: `The data of ${predicate.model} are refused: ${checkCount(predicate)}.` })
      }
      return shard ? undefined : records
    },
  },
  ...CONTRACT_VERBS,
  train: {
    summary: 'run the training command and say what it made from what',
    options: { model },
    example: 'modelyard train',
    run: (context, options) =>
      eachModel(context, options.model!, 'train', (each) => train(context, each, { reuse: false })),
  },
  evaluate: {
    summary: 'compare the candidate with the version that it would replace, and decide',
    options: {
      model,
      champion: {
        description: 'registry: what the last stage holds; none: look at the candidate alone.',
        fallback: 'registry',
      },
    },
    example: 'modelyard evaluate --json > gate.json',
    run: (context, options) => {
      const champion = oneOf(['registry', 'none'], 'champion', options.champion!)
      return eachModel(context, options.model!, 'evaluate', (each) => evaluate(context, each, { champion }))
    },
  },
  report: {
    summary: 'turn the records into the report that a pull request shows',
    options: { model },
    example: 'modelyard report',
    // A check speaks for a run that others can look at: on a laptop the report is its files, with or without a token.
    run: async ({ github: _, ...context }, options) => {
      const models = await findModels(context.root, options.model!)
      return (await report(context, { models: models.map(({ name }) => name) })).map(({ record }) => record)
    },
  },
  register: {
    summary: 'make an immutable version of what was judged',
    options: { model, version: { description: 'The version, like v2.0.0, or auto.', fallback: 'auto' } },
    example: 'modelyard register',
    run: async (context, options) => {
      return register(await withTrust(context, 'register a version'), {
        model: options.model!,
        version: options.version!,
      })
    },
  },
  deploy: {
    summary: 'move a stage to a version',
    options: {
      model,
      stage: { description: 'The stage to move.' },
      version: { description: 'A version like v1.2.0, or latest.', fallback: 'latest' },
    },
    example: 'modelyard deploy --stage staging --version v1.2.0',
    run: async (context, options) => {
      const trusted = await withTrust(context, `deploy to ${options.stage}`)
      const [each] = await findModels(context.root, options.model!)
      const { plan: planned } = await planDeploy(trusted, each!, { stage: options.stage!, version: options.version! })
      return [await deploy(trusted, each!, planned)]
    },
  },
  drift: {
    summary: 'compare what production sees with what the live version learned',
    options: { model: { description: 'The model, by its file or its name.', fallback: 'model.yaml' } },
    example: 'modelyard drift --model flight-delay',
    run: async (context, options) => {
      const each = await findModel(context.root, options.model!)
      const check = await checkDrift(context, each, { update: false })
      if (check) return [check.record]
      throw new UserError(
        `There is nothing to check for drift: ${each.drift ? `no version of ${each.name} is registered yet. Register one first.` : `${each.file} has no drift: section. Say under drift: what production sees.`}`,
      )
    },
  },
  rollback: {
    summary: 'move a stage back to the last version that was healthy there',
    options: {
      model: { description: 'The model, by its name or its file.', fallback: 'model.yaml' },
      stage: { description: 'The stage; the last one unless it is said.', fallback: '' },
      from: { description: 'The version to leave; needed only to go back further after a rollback.', fallback: '' },
      reason: { description: 'Why, for the history.', fallback: '' },
    },
    example: 'modelyard rollback --model flight-delay --stage staging --reason "It answers in Celsius."',
    run: async (context, { model: named, stage, from, reason }) => {
      const trusted = await withTrust(context, 'roll a stage back')
      const each = await findModel(context.root, named!)
      const { plan: planned } = await planRollback(trusted, each, {
        stage: stage || undefined,
        from: from || undefined,
      })
      return [await rollback(trusted, each, { plan: planned, reason: reason! })]
    },
  },
  quarantine: {
    summary: 'keep a version from going anywhere, or let it go again',
    options: {
      name: { description: 'The name of the model.' },
      version: { description: 'The version, like v1.1.0.' },
      reason: { description: 'Why, for the history.' },
      lift: { description: 'Take it out of quarantine.', flag: true },
    },
    example: 'modelyard quarantine --lift --name flight-delay --version v1.1.0 --reason "Mended by the team."',
    ask: quarantine,
  },
  history: {
    summary: 'list what was in each stage when, and why',
    options: {
      name: { description: 'The name of the model.' },
      stage: { description: 'One stage; all unless it is said.', fallback: '' },
      offline: { description: 'Read this clone alone, without GitHub.', flag: true },
    },
    example: 'modelyard history --name flight-delay --stage production',
    ask: history,
  },
  ...REGISTRY_VERBS,
  fetch: {
    summary: 'fetch a version of a model, verified',
    options: {
      name: { description: 'The name of the model.' },
      version: {
        description: 'A version like v1.2.0, a stage like production, latest, or sha256: and the digest of the model.',
        fallback: 'latest',
      },
      path: { description: 'The folder to put it in.', fallback: 'model' },
    },
    example: 'modelyard fetch --name flight-delay --version production',
    run: async (context, { name, version, path }) => {
      const { record } = await fetchModel(context, { model: name, version, folder: path! })
      return record ? [record] : []
    },
  },
  replay: {
    summary:
      'make a gate, validation or drift record again from its files, offline, and compare verdict, numbers and digest',
    argument: record('gate.json, validation.json or drift.json'),
    options: ofRecord,
    example: 'modelyard replay .modelyard/flight-delay/gate.json',
    talk: replay,
  },
  changed: {
    summary: 'list the rows of a gate record that became right or wrong, from its files, offline',
    argument: record('gate.json'),
    options: {
      ...ofRecord,
      to: { description: 'Only the rows that are newly right, or wrong.', fallback: 'both' },
      where: { description: 'SQL that must be true of a row, like "origin = \'ORD\'".', fallback: '' },
    },
    example: 'modelyard changed .modelyard/flight-delay/gate.json --to wrong',
    ask: changed,
  },
  doctor: {
    summary: 'look for what is wrong with this repository and, with GITHUB_TOKEN, its settings; say how to mend it',
    options: {},
    example: 'modelyard doctor',
    talk: doctor,
  },
  local: {
    summary:
      'host this clone on a GitHub on your laptop (`local up`), or run one of its workflows (`local run <file>`)',
    options: {},
    example: 'modelyard local run .github/workflows/pull-request.yml',
    forward: local,
  },
}

/** A value that must be one of a few words. */
function oneOf<const Word extends string>(words: readonly Word[], option: string, written: string): Word {
  const word = words.find((each) => each === written)
  if (word === undefined)
    throw new UserError(`The option --${option} is ${JSON.stringify(written)}; it must be ${words.join(' or ')}.`)
  return word
}

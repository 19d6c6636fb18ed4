import { readDifference, readEvents, readLineage, readModels, readReference, readVersions } from '@modelyard/registry'
import {
  renderDifference,
  renderEvents,
  renderLineage,
  renderModel,
  renderModels,
  renderReference,
  renderVersions,
} from '@modelyard/report'
import type { StepContext } from '@modelyard/steps'
import type { Answer, Verb } from '../verb.ts'
import { deprecate } from './deprecate.ts'
import { digestOf } from './digest.ts'
import { doctor } from './doctor.ts'
import { moment } from './moment.ts'
import { sourceOf } from './source.ts'

const offline = { description: 'Read this clone alone, without GitHub.', flag: true } as const
const name = { description: 'The name of the model.' }
const anyName = { description: 'The name of one model; all unless it is said.', fallback: '' }

/** What can be asked of the registry, and said to it. */
export const REGISTRY_VERBS: Record<string, Verb> = {
  'registry show': {
    summary: 'tell what every stage of every model holds',
    options: { name: anyName, offline },
    example: 'modelyard registry show --name flight-delay',
    ask: (context, options) => show(context, options),
  },
  'registry at': {
    summary: 'tell what every stage held at a moment',
    argument: { name: 'moment', description: 'A day or a time, like 2026-04-02 or 2026-04-02T10:00, in UTC.' },
    options: { name: anyName, offline },
    example: 'modelyard registry at 2026-04-02T10:00 --name flight-delay',
    ask: (context, options) => show(context, options, moment(options.moment!)),
  },
  'registry versions': {
    summary: 'list the versions of a model with their metrics',
    options: { name, offline },
    example: 'modelyard registry versions --name flight-delay',
    ask: async (context, options) => {
      const versions = await readVersions(await sourceOf(context, options), options.name!)
      return { data: versions, text: (style) => renderVersions(versions, style) }
    },
  },
  'registry history': {
    summary: 'list everything that happened, newest first',
    options: { name: anyName, offline },
    example: 'modelyard registry history --name flight-delay',
    ask: async (context, options) => {
      const events = await readEvents(await sourceOf(context, options), options.name || undefined)
      return { data: events, text: (style) => renderEvents(events, style) }
    },
  },
  'registry trained-on': {
    summary: 'tell which versions were trained or judged on certain data',
    argument: { name: 'data', description: 'A file, or the SHA-256 of a file or dataset, or its beginning.' },
    options: { name: anyName, offline },
    example: 'modelyard registry trained-on data/train.parquet',
    ask: async (context, options, { cwd }) => {
      const source = await sourceOf(context, options)
      const digest = await digestOf(cwd(), options.data!)
      const lineage = await readLineage(source, { digest, ...(options.name ? { model: options.name } : {}) })
      return { data: lineage, text: (style) => renderLineage(lineage, style) }
    },
  },
  'registry diff': {
    summary: 'tell what differs between two versions of a model',
    options: {
      name,
      from: { description: 'A version like v1.2.0, a stage like production, or latest.', fallback: 'production' },
      to: { description: 'The same.', fallback: 'latest' },
      offline,
    },
    example: 'modelyard registry diff --name flight-delay --from production --to latest',
    ask: async (context, options) => {
      const source = await sourceOf(context, options)
      const found = await readDifference(source, { model: options.name!, from: options.from!, to: options.to! })
      return { data: found, text: (style) => renderDifference(found, style) }
    },
  },
  'registry check-ref': {
    summary: 'tell what a tag announced',
    argument: { name: 'tag', description: 'A tag like flight-delay@v1.2.0, with or without refs/tags/.' },
    options: { offline },
    example: "modelyard registry check-ref 'flight-delay#production#4'",
    ask: async (context, options) => {
      const reference = await readReference(await sourceOf(context, options), options.tag!)
      return { data: reference, text: (style) => renderReference(reference, style) }
    },
  },
  'registry deprecate': {
    summary: 'take a version or a model out of use, or empty a stage',
    options: {
      name,
      version: { description: 'The version, like v1.1.0; the whole model unless it is said.', fallback: '' },
      stage: { description: 'Only empty this stage of that version.', fallback: '' },
      reason: { description: 'Why, for the history.' },
    },
    example: 'modelyard registry deprecate --name flight-delay --version v1.1.0 --reason "Its data were wrong."',
    ask: deprecate,
  },
  'registry doctor': {
    summary: 'find what people or gto read otherwise than it was meant, and mend what new events can',
    options: { mend: { description: 'Mend it. Nothing is rewritten.', flag: true }, offline },
    example: 'modelyard registry doctor --mend',
    ask: doctor,
  },
}

/** What the stages hold, of all models or of one, now or at a moment. */
async function show(context: StepContext, options: Record<string, string>, at?: string): Promise<Answer> {
  const model = options.name === '' ? {} : { model: options.name! }
  const models = await readModels(await sourceOf(context, options), { ...model, ...(at === undefined ? {} : { at }) })
  const [first] = models
  return 'model' in model && first
    ? { data: first, text: (style) => renderModel(first, { ...style, at }) }
    : { data: models, text: (style) => renderModels(models, { ...style, at }) }
}

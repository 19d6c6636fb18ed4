import { z } from 'zod'
import { NAME, QUARANTINE } from '../names.ts'
import { amountPattern, METRIC_NAMES, TASKS } from './gates.ts'

const text = z.string().min(1, 'must not be empty')
const name = z
  .string()
  .regex(NAME, 'must be letters, digits, "-", "_" or "/", beginning and ending with a letter or a digit')

/** A path inside the repository: relative, without `..`, so that a model file cannot reach outside its checkout. */
const path = text.refine((value) => !/^(?:[\\/]|[a-zA-Z]:)/.test(value) && !value.split(/[\\/]/).includes('..'), {
  error: 'must be a path inside the repository: relative, without ".."',
})
const files = z.union([path, z.array(path).min(1, 'must name at least one file')])

const amount = z.union([
  z.number(),
  z.string().regex(amountPattern, 'must be a number, a percentage like "20%" or a time like "5ms"'),
])

const Gate = z
  .strictObject({
    metric: z.enum(METRIC_NAMES).describe('The metric that this gate looks at.'),
    min: amount.optional().describe('The least value that the candidate may have.'),
    max: amount.optional().describe('The greatest value that the candidate may have.'),
    max_regression: amount
      .optional()
      .describe(
        'How much worse than the champion the candidate may be (non-inferiority margin): a number, or "20%" of the champion\'s value.',
      ),
    must_improve: z.literal(true).optional().describe('The candidate must be better than the champion, beyond doubt.'),
  })
  .refine((gate) => [gate.min, gate.max, gate.max_regression, gate.must_improve].some((rule) => rule !== undefined), {
    error: 'has no rule: give it min, max, max_regression or must_improve',
  })

const Target = z
  .strictObject({
    command: text
      .optional()
      .describe('A program that reads a request as JSON on standard input and answers as JSON on standard output.'),
    directory: text
      .optional()
      .describe('A folder that serving reads: the model beside a pointer file that is swapped in one step.'),
  })
  .refine((target) => (target.command === undefined) !== (target.directory === undefined), {
    error: 'must name one way to deploy: command or directory',
  })

const Stage = z.strictObject({
  after: name.optional().describe('The stage in which a version must be before it may come here.'),
  environment: text
    .optional()
    .describe('The GitHub environment whose reviewers approve what comes here. It must be protected.'),
  target: Target.optional().describe('What serves the model. Without one, the stage is its tag alone.'),
})

/** `model.yaml`, as people write it. Keys are the file's own, so that a message can name them. */
export const ModelFileSchema = z
  .strictObject({
    name: name.describe('The name of the model: flight-delay@v1.0.0, flight-delay#production#1.'),
    description: text.optional().describe('One sentence on what the model answers.'),
    owners: z.array(text).default([]).describe('People and teams, as in CODEOWNERS.'),
    task: z.enum(TASKS).describe('What the model predicts.'),
    data: z.strictObject({
      prepare: text.optional().describe('The command that writes the data files.'),
      contract: path.optional().describe('An Open Data Contract Standard (ODCS) v3 file that the data must satisfy.'),
      train: files.describe('What the model learns from: a path, a glob or a list.'),
      holdout: files.describe('What it is judged on, never learned from.'),
      label: text.describe('The column with the truth.'),
      id: text.optional().describe('The column that names a row.'),
      time: text.optional().describe('The column that says when a row came to be.'),
      group: text
        .optional()
        .describe('The column of rows that are not independent of each other; intervals respect it.'),
    }),
    train: z.strictObject({
      run: text.describe('The command that trains, in any language.'),
      inputs: z
        .array(path)
        .min(1, 'must name at least one file')
        .describe('The files that decide what training makes; with the data, the identity of the training.'),
      model: path.describe('The file that the command writes: ONNX, unless evaluate.predict runs the model.'),
      predictions: path.optional().describe("The framework's own predictions on the hold-out, to check parity."),
    }),
    evaluate: z.strictObject({
      metrics: z.array(z.enum(METRIC_NAMES)).min(1, 'must name at least one metric').describe('What the report shows.'),
      gates: z.array(Gate).min(1, 'must hold at least one gate').describe('What the candidate must satisfy.'),
      slices: z
        .array(text)
        .default([])
        .describe('Columns and boolean SQL expressions by which the hold-out is also looked at in parts.'),
      predict: z
        .strictObject({
          run: text.describe(
            'The command that predicts the hold-out with the model at $MODELYARD_MODEL: with the candidate, then with the champion.',
          ),
          predictions: path.describe(
            'The file that it writes: the id, and probability, probability_<class> for every class, or prediction.',
          ),
        })
        .optional()
        .describe('For models that are not ONNX: how to run them.'),
      provider: z
        .enum(['cpu', 'cuda'])
        .default('cpu')
        .describe('What runs the models: the processor, or a GPU that the runner must have.'),
      first_version: z
        .enum(['allow', 'refuse'])
        .default('refuse')
        .describe(
          'Whether the absolute gates (min, max) alone may let the first version through, there being nothing to compare it with.',
        ),
    }),
    stages: z
      .record(
        name.refine((stage) => stage !== QUARANTINE, {
          error: 'must not be "quarantine": rollback keeps versions there',
        }),
        Stage,
      )
      .default({})
      .describe('Where versions are live, in the order in which they get there.'),
    store: text
      .regex(
        /^(?:(?:s3|oci):\/\/[^/\s@]+(?:\/\S*)?|lfs|dvc)$/,
        'must be s3://bucket/prefix, oci://host/repository, lfs or dvc',
      )
      .optional()
      .describe(
        "Where the model's bytes are kept, by their digest, in place of the release: a bucket, an OCI registry, the repository's Git LFS, or DVC's remote, where `dvc push` left them.",
      ),
    drift: z
      .strictObject({
        data: files.describe('What production sees.'),
        window: z
          .string()
          .regex(/^\d+[dh]$/, 'must be a time like "7d" or "24h"')
          .describe('The span that is compared with the training data.'),
        retrain: z.enum(['auto', 'ask']).default('auto').describe('Whether the retrain pull request comes trained.'),
        max_age: z
          .string()
          .regex(/^\d+[dh]$/, 'must be a time like "3d" or "24h"')
          .optional()
          .describe('How old the newest row of production may be; an older one says that the export stopped.'),
        update: text
          .optional()
          .describe('The command that moves the training data on: what it changes is the retrain pull request.'),
      })
      .optional(),
  })
  .describe('Everything that is specific to one model.')

export type ModelFile = z.infer<typeof ModelFileSchema>

/** The JSON Schema (2020-12) that editors use for `model.yaml`. */
export function modelFileJsonSchema(): object {
  return {
    $id: 'https://raw.githubusercontent.com/modelyard/modelyard/v1/packages/spec/schema/model.json',
    title: 'Modelyard model file',
    ...z.toJSONSchema(ModelFileSchema, { io: 'input' }),
  }
}

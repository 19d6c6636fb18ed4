import { z } from 'zod'
import { QUARANTINE } from '../names.ts'
import { Behaviour, Gate, ON_INCONCLUSIVE } from './gates.ts'
import { TASKS } from './metrics.ts'
import { files, label, name, path, text } from './words.ts'
import { writtenMetric } from './written-metric.ts'

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
      fetch: z
        .array(
          z.strictObject({
            from: text
              .regex(
                /^(?:https:\/\/|s3:\/\/|release:\/\/|artifact:\/\/)\S+$/,
                'must be https://…, s3://bucket/prefix, release://tag/asset or artifact://name',
              )
              .describe('Where it lies: a URL, a bucket with a name or a pattern, an asset of a release, an artifact.'),
            to: path.describe('The file that it becomes, or with a / at the end the folder that it is put into.'),
            sha256: z
              .string()
              .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
              .optional()
              .describe('What its bytes must be.'),
          }),
        )
        .max(100, 'must hold at most 100 downloads')
        .default([])
        .describe('What is fetched before anything else: files that are not in the repository.'),
      prepare: text.optional().describe('The command that writes the data files.'),
      contract: path.optional().describe('An Open Data Contract Standard (ODCS) v3 file that the data must satisfy.'),
      object: text.optional().describe('The object of the contract that the data are, where it describes several.'),
      train: files.describe('What the model learns from: a path, a glob or a list.'),
      holdout: files.describe('What it is judged on, never learned from.'),
      served: files
        .optional()
        .describe('Rows as production made their features, with data.id: they must equal those of the training data.'),
      label: label.describe(
        'The column with the truth; of a multilabel classification, the list of its columns of 0 and 1.',
      ),
      id: text.optional().describe('The column that names a row.'),
      time: text.optional().describe('The column that says when a row came to be.'),
      group: text
        .optional()
        .describe('The column of rows that are not independent of each other; intervals respect it.'),
      query: text.optional().describe('Ranking: the column that names the query whose rows are ordered.'),
      series: text.optional().describe('Forecasting: the column that names the series of a row.'),
      season: z
        .int()
        .positive()
        .optional()
        .describe(
          'Forecasting: the rows of a season, as 7 of days or 12 of months; for the scale of mase. By default 1.',
        ),
    }),
    train: z.strictObject({
      run: text.describe('The command that trains, in any language.'),
      inputs: z
        .array(path)
        .min(1, 'must name at least one file')
        .describe('The files that decide what training makes; with the data, the identity of the training.'),
      model: path.describe('The file that the command writes: ONNX, unless evaluate.predict runs the model.'),
      predictions: path.optional().describe("The framework's own predictions on the hold-out, to check parity."),
      cost_per_hour: z
        .number()
        .positive()
        .optional()
        .describe('What an hour of training costs, in whatever money you count: training_cost is in the same.'),
    }),
    evaluate: z.strictObject({
      metrics: z
        .array(writtenMetric)
        .min(1, 'must name at least one metric')
        .max(500, 'must name at most 500 metrics')
        .describe('What the report shows.'),
      gates: z
        .array(Gate)
        .min(1, 'must hold at least one gate')
        .max(250, 'must hold at most 250 gates')
        .describe('What the candidate must satisfy.'),
      slices: z
        .array(z.union([text, z.tuple([text, text])], { error: 'must be a column, a pair of columns or a condition' }))
        .default([])
        .describe(
          'Columns, pairs of columns and boolean SQL expressions by which the hold-out is also looked at in parts.',
        ),
      min_slice: z.int().min(30).default(200).describe('A slice with fewer rows is not judged.'),
      on_inconclusive_slice: z
        .enum(ON_INCONCLUSIVE)
        .default('warn')
        .describe('What a slice comes to that has not enough evidence.'),
      behaviour: z
        .array(Behaviour)
        .default([])
        .describe('What the model must still do when a column is changed: robustness, invariance, direction.'),
      scores: z
        .strictObject({
          run: text.describe(
            'The command that scores the model at $MODELYARD_MODEL on the hold-out, row by row: the candidate, then the champion.',
          ),
          file: path.describe('The file that it writes: the id, and a column for each metric of your own.'),
        })
        .optional()
        .describe('Metrics of your own, a score for each row: named …_score (more is better), …_loss or …_error.'),
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

import type { Verb } from '../verb.ts'
import { check } from './check.ts'
import { importFrom } from './import.ts'
import { infer } from './infer.ts'

const files = 'A file or a glob below this folder, or several with commas between them.'

/** What writes a contract, and tries one. */
export const CONTRACT_VERBS: Record<string, Verb> = {
  'contract infer': {
    summary: 'write a contract that data satisfy and the next ones should, on standard output',
    argument: { name: 'files', description: files },
    options: {
      name: {
        description: 'What the contract calls the table; the name of the first file unless it is said.',
        fallback: '',
      },
      id: {
        description: 'The column that names a row; one that is called like an id unless it is said.',
        fallback: '',
      },
      classes: { description: 'The column with the classes, which may be numbers.', fallback: '' },
      time: { description: 'The column that says when: earlier rows are then tried on later ones.', fallback: '' },
    },
    example: 'modelyard contract infer data/train.parquet --time departure > contracts/flights.odcs.yaml',
    talk: infer,
  },
  'contract import': {
    summary: 'write a suite of Great Expectations as a contract, on standard output; list what a contract cannot say',
    argument: { name: 'suite', description: 'The JSON of the suite, of Great Expectations 0.x or 1.x.' },
    options: {},
    example: 'modelyard contract import gx/expectations/flights.json > contracts/flights.odcs.yaml',
    talk: importFrom,
  },
  'contract check': {
    summary: 'check data against a contract, without a model file',
    argument: { name: 'contract', description: 'The contract.' },
    options: {
      data: { description: files },
      object: { description: 'The object of the contract that the data are, where it has several.', fallback: '' },
    },
    example: 'modelyard contract check contracts/flights.odcs.yaml --data data/train.parquet',
    ask: check,
  },
}

/** Checks a file against a contract and says whether all rules hold: check.ts FILE CONTRACT */
import { basename, dirname } from 'node:path'
import { checkContract, readContract } from '@modelyard/contract'
import { openDataset } from '../src/index.ts'
import { answer } from './program.ts'

const [file, contract] = process.argv.slice(2) as [string, string]
const dataset = await openDataset({ root: dirname(file), files: basename(file) })
const checks = await checkContract(await readContract(contract), dataset, 'train')
dataset.close()
answer(checks.every(({ verdict }) => verdict === 'pass'))

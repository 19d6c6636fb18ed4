import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childEnvironment, parseModelFile, sha256 } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { runTraining, takeUpTraining, trainingIdentity } from '../src/index.ts'

const digest = (char: string) => char.repeat(64)

async function modelThat(run: string) {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-training-'))
  const text = `
name: m
task: regression
data: { train: a.csv, holdout: b.csv, label: y }
train: { run: ${JSON.stringify(run)}, inputs: [train.py], model: out.onnx }
evaluate: { metrics: [mae], gates: [{ metric: mae, max: 1 }] }
`
  return parseModelFile(text, join(folder, 'model.yaml'))
}

async function train(model: Awaited<ReturnType<typeof modelThat>>) {
  await runTraining(model)
  return takeUpTraining(model)
}

describe('training', () => {
  it('takes up what the command wrote, by digest', async () => {
    const model = await modelThat('printf onnx > out.onnx')
    const { artifact, predictions } = await train(model)
    expect(artifact).toEqual({ name: 'out.onnx', bytes: 4, sha256: sha256('onnx') })
    expect(predictions).toBeNull()
  })

  it('hands on each line of output as it comes', async () => {
    const lines: string[] = []
    await runTraining(await modelThat('echo one; echo two >&2; echo x > out.onnx'), (line) => lines.push(line))
    expect(lines.sort()).toEqual(['one', 'two'])
  })

  it('fails with the last lines of a command that fails', async () => {
    await expect(runTraining(await modelThat('echo no such column: hour; exit 3'))).rejects.toThrow(
      /train\.run in .*model\.yaml, "echo.*ended with exit code 3\. Its last lines:\n {4}no such column: hour/,
    )
  })

  it('never takes the model of an earlier run for that of a command that writes none', async () => {
    const model = await modelThat('true')
    await writeFile(join(model.folder, 'out.onnx'), 'old')
    await expect(train(model)).rejects.toThrow(/did not write out\.onnx\. Let it write there, or correct train\.model/)
  })

  it('refuses an empty model file', async () => {
    await expect(train(await modelThat(': > out.onnx'))).rejects.toThrow(/left an empty file out\.onnx/)
    await expect(train(await modelThat('ln -s /etc/hostname out.onnx'))).rejects.toThrow(
      /left a symbolic link as out\.onnx/,
    )
  })

  it('keeps the secrets of the calling action from the command', async () => {
    expect(
      childEnvironment({
        PATH: '/bin',
        INPUT_TOKEN: 's',
        ACTIONS_RUNTIME_TOKEN: 's',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 's',
        GITHUB_ENV: 'f',
        GITHUB_OUTPUT: 'f',
      }),
    ).toEqual({
      PATH: '/bin',
    })
    process.env.INPUT_TOKEN = 'secret'
    try {
      const model = await modelThat('echo "[$INPUT_TOKEN]" > out.onnx')
      await runTraining(model)
      expect(await readFile(join(model.folder, 'out.onnx'), 'utf8')).toBe('[]\n')
    } finally {
      delete process.env.INPUT_TOKEN
    }
  })
})

describe('the identity of a training', () => {
  const inputs = {
    command: 'python train.py',
    code: [
      { name: 'a.py', sha256: digest('a'), bytes: 1 },
      { name: 'b.py', sha256: digest('b'), bytes: 2 },
    ],
    data: [{ role: 'train' as const, sha256: digest('c'), files: [] }],
  }
  const identity = trainingIdentity(inputs)

  it('does not depend on the order of files', () => {
    expect(trainingIdentity({ ...inputs, code: inputs.code.toReversed() })).toBe(identity)
  })

  it.each([
    ['command', { ...inputs, command: 'python train.py --fast' }],
    ['code', { ...inputs, code: [{ ...inputs.code[0]!, sha256: digest('d') }, inputs.code[1]!] }],
    ['data', { ...inputs, data: [{ ...inputs.data[0]!, sha256: digest('e') }] }],
  ])('changes with the %s', (_, changed) => {
    expect(trainingIdentity(changed)).not.toBe(identity)
  })
})

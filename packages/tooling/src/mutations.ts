/** One promise, broken by one small change. */
export interface Mutation {
  /** The promise of the architecture guide, in a few words. */
  promise: string
  /** What the change does. */
  change: string
  file: string
  /** Text that stands in the file exactly once, and what is put in its place. */
  from: string
  to: string
  /** A package's folder, and the test files in it that must fall. */
  tests: [folder: string, ...files: string[]]
}

const EVALUATION = 'packages/evaluation'
const REGISTRY = 'packages/registry'
const DEPLOYMENT = 'packages/deployment'
const STEPS = 'packages/steps'

export const MUTATIONS: Mutation[] = [
  {
    promise: 'fail closed',
    change: 'a verdict of nothing passes',
    file: 'packages/spec/src/verdict.ts',
    from: "if (verdicts.length === 0) return 'fail'",
    to: "if (verdicts.length === 0) return 'pass'",
    tests: ['packages/spec', 'test/records.test.ts'],
  },
  {
    promise: 'fail closed',
    change: 'a metric without a value passes',
    file: 'packages/evaluation/src/gates.ts',
    from: "return { verdict: 'fail', reason: `${label} has no value",
    to: "return { verdict: 'pass', reason: `${label} has no value",
    tests: [EVALUATION, 'test/gates.test.ts'],
  },
  {
    promise: 'fail closed',
    change: 'NaN counts as a number',
    file: 'packages/evaluation/src/gates.ts',
    from: "typeof value === 'number' && Number.isFinite(value)",
    to: "typeof value === 'number'",
    tests: [EVALUATION, 'test/gates.test.ts'],
  },
  {
    promise: 'fail closed',
    change: 'a first version needs no permission',
    file: 'packages/evaluation/src/gates.ts',
    from: "champion === null && firstVersion === 'allow' && gates.some(isAbsolute)",
    to: 'champion === null && gates.some(isAbsolute)',
    tests: [EVALUATION, 'test/gates.test.ts'],
  },
  {
    promise: 'fail closed',
    change: 'a model that left no record is not missed',
    file: 'packages/steps/src/records.ts',
    from: 'for (const model of plan?.predicate.models ?? []) models.add(model.name)',
    to: 'void plan',
    tests: [STEPS, 'test/steps.test.ts'],
  },
  {
    promise: 'numbers carry their uncertainty',
    change: 'the estimate decides instead of the end of the interval',
    file: 'packages/evaluation/src/gates.ts',
    from: ': low >= line',
    to: ': value >= line',
    tests: [EVALUATION, 'test/gates.test.ts'],
  },
  {
    promise: 'safe to run again',
    change: 'a registration does not find its version',
    file: 'packages/registry/src/register.ts',
    from: 'findRegistration(snapshot.state, identity) ?? findSameBytes(snapshot.state, identity)',
    to: 'undefined as Version | undefined',
    tests: [REGISTRY, 'test/register.test.ts'],
  },
  {
    promise: 'safe to run again',
    change: 'an unfinished entry is left unfinished',
    file: 'packages/registry/src/decide.ts',
    from: 'if (tip && (await finish(github, tip.event, facts)).madeTag) facts',
    to: 'if (tip && facts.length < 0) facts',
    tests: [REGISTRY, 'test/crash.test.ts'],
  },
  {
    promise: 'safe to run twice',
    change: 'the log is advanced by force',
    file: 'packages/github/src/git.ts',
    from: 'force: false',
    to: 'force: true',
    tests: [REGISTRY, 'test/log.test.ts'],
  },
  {
    promise: 'untrusted things are kept apart',
    change: "a fork's training is taken",
    file: 'packages/steps/src/reuse.ts',
    from: 'if (pull.fork) return',
    to: 'if (pull.number < 0) return',
    tests: [STEPS, 'test/reuse.test.ts'],
  },
  {
    promise: 'untrusted things are kept apart',
    change: 'every run counts as trusted',
    file: 'packages/action-kit/src/environment.ts',
    from: 'env.GITHUB_REF === `refs/heads/${branch}`',
    to: 'event.length > 0',
    tests: ['packages/action-kit', 'test/environment.test.ts'],
  },
  {
    promise: 'untrusted things are kept apart',
    change: "the user's command sees the action's inputs",
    file: 'packages/spec/src/hostile.ts',
    from: '/^(?:INPUT_|STATE_|',
    to: '/^(?:STATE_|',
    tests: ['packages/training', 'test/train.test.ts'],
  },
  {
    promise: 'untrusted things are kept apart',
    change: 'what a script prints may command the runner',
    file: 'packages/spec/src/hostile.ts',
    from: "text.replaceAll('##[', '##\\u200b[')",
    to: 'text',
    tests: ['packages/spec', 'test/hostile.test.ts'],
  },
  {
    promise: 'untrusted things are kept apart',
    change: 'a fork’s code runs on a machine of the owner',
    file: 'packages/steps/src/context.ts',
    from: 'if (!run.pullRequest?.fork || !run.selfHosted) return',
    to: 'if (run.pullRequest?.fork !== null) return',
    tests: [STEPS, 'test/steps.test.ts'],
  },
  {
    promise: 'least privilege',
    change: 'a refusal does not name the permission that is missing',
    file: 'packages/github/src/errors.ts',
    from: 'if (permission === undefined) return failed',
    to: 'if (permission !== null) return failed',
    tests: ['packages/github', 'test/errors.test.ts'],
  },
  {
    promise: 'untrusted things are kept apart',
    change: 'a link in an artifact is followed',
    file: 'packages/steps/src/records.ts',
    from: 'found.isFile()',
    to: 'found.isFile() || found.isSymbolicLink()',
    tests: [STEPS, 'test/steps.test.ts'],
  },
  {
    promise: 'untrusted things are kept apart',
    change: 'the data engine may open any file',
    file: 'packages/data/src/engine.ts',
    from: 'SET enable_external_access = false',
    to: 'SET enable_external_access = true',
    tests: ['packages/data'],
  },
  {
    promise: 'same code on the laptop',
    change: 'a digest depends on when it ran',
    file: 'packages/spec/src/records/statement.ts',
    from: 'const { run: _, ...said } = record.predicate',
    to: 'const said = record.predicate',
    tests: ['packages/spec', 'test/records.test.ts'],
  },
  {
    promise: 'same code on the laptop',
    change: 'a failing verdict ends with 0',
    file: 'packages/spec/src/verdict.ts',
    from: "return verdict === 'fail' ? 1 : 3",
    to: 'return 0 as 1',
    tests: ['packages/cli'],
  },
  {
    promise: 'what was judged is what ships',
    change: 'other bytes than were judged are registered',
    file: 'packages/steps/src/evidence.ts',
    from: 'if (gate.candidate.sha256 !== bytes)',
    to: 'if (gate.candidate.sha256.length === 0)',
    tests: [STEPS, 'test/steps.test.ts'],
  },
  {
    promise: 'what was judged is what ships',
    change: 'a gate against yesterday’s champion holds',
    file: 'packages/registry/src/register.ts',
    from: 'checkChampion(snapshot.state, registration.expect)',
    to: 'void checkChampion',
    tests: [REGISTRY, 'test/register.test.ts'],
  },
  {
    promise: 'what was judged is what ships',
    change: 'a fetched model is not compared with the registry',
    file: 'packages/registry/src/fetch.ts',
    from: 'if (sha256 !== asset.sha256) {',
    to: 'if (sha256.length === 0) {',
    tests: [REGISTRY, 'test/register.test.ts'],
  },
  {
    promise: 'what was judged is what ships',
    change: 'an earlier model passes for that of a command that wrote none',
    file: 'packages/training/src/train.ts',
    from: 'await Promise.all(written.map((name) => rm(join(model.folder, name), { force: true })))',
    to: 'void [rm, written]',
    tests: ['packages/training', 'test/train.test.ts'],
  },
  {
    promise: 'replayable',
    change: 'a file is taken by its name, whatever its digest',
    file: 'packages/steps/src/replay/files.ts',
    from: 'if (found === sha256) return path',
    to: "if (found !== '') return path",
    tests: [STEPS, 'test/replay.test.ts'],
  },
  {
    promise: 'replayable',
    change: 'other data than the record names are judged on',
    file: 'packages/steps/src/replay/files.ts',
    from: 'if (found === recorded.sha256) return',
    to: "if (found !== '') return",
    tests: ['packages/cli', 'test/replay.test.ts'],
  },
  {
    promise: 'replayable',
    change: "the record's seed does not matter",
    file: 'packages/steps/src/replay/gate.ts',
    from: '...(engine.seed === undefined ? {} : { seed: engine.seed }),',
    to: '...(engine.seed === undefined ? {} : {}),',
    tests: ['packages/cli', 'test/replay.test.ts'],
  },
  {
    promise: 'replayable',
    change: 'verdict and numbers are not compared',
    file: 'packages/steps/src/replay.ts',
    from: 'recordDigest(made(engineThen)) === recordDigest(record)',
    to: 'made(engineThen).predicateType === record.predicateType',
    tests: ['packages/cli', 'test/replay.test.ts'],
  },
  {
    promise: 'a stage moves only after its wait',
    change: 'the environment of the identity token does not matter',
    file: 'packages/deployment/src/proof.ts',
    from: 'if (!isSame(environment, expected.environment)) {',
    to: 'if (environment === null) {',
    tests: [DEPLOYMENT],
  },
  {
    promise: 'a stage moves only after its wait',
    change: 'a target is believed without being read back',
    file: 'packages/deployment/src/deploy.ts',
    from: 'if (served.sha256 !== digest) {',
    to: 'if (served.sha256 === undefined) {',
    tests: [DEPLOYMENT],
  },
]

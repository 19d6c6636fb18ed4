import { withoutComments } from './code.ts'
import { type LabelClues, labelsOf } from './label.ts'
import { modelsOf, pathsOf } from './paths.ts'

/** What can be told from Python code without running it: clues, which the data then confirm. */
export interface PythonFacts extends LabelClues {
  fits: boolean
  /** Whether it saves a model in any way that is known. */
  saves: boolean
  /** Texts that could be paths, relative to where it runs. */
  paths: string[]
  /** Files that it saves models to, the likeliest first, relative to where it runs. */
  models: string[]
  family?: 'classification' | 'regression'
  /** Whether something is numbered in the order of its names. */
  encodes: boolean
  /** The modules that it imports. */
  imports: string[]
}

const SAVES =
  /\b(?:joblib|pickle|cloudpickle|dill)\.dump\b|\bdump\(|\bto_onnx\(|\bconvert_sklearn\(|\bSerializeToString\(|\bonnx\.save/
const CLASSIFIERS =
  /\b(?:\w*Classifier|LogisticRegression(?:CV)?|(?:Linear|Nu)?SVC|(?:Gaussian|Multinomial|Bernoulli|Complement|Categorical)NB|(?:Linear|Quadratic)DiscriminantAnalysis|Perceptron)\(/
const REGRESSORS =
  /\b(?:\w*Regressor|(?:Linear|Bayesian|ARD|Poisson|Gamma|Tweedie|Quantile|Theil\w*)Regress\w*|BayesianRidge|Ridge(?:CV)?|Lasso(?:CV|Lars\w*)?|ElasticNet(?:CV)?|(?:Linear|Nu)?SVR|KernelRidge)\(/

/** Reads Python code by patterns that common code follows. */
export function readPython(source: string): PythonFacts {
  const text = withoutComments(source)
  const family = CLASSIFIERS.test(text) ? 'classification' : REGRESSORS.test(text) ? 'regression' : undefined
  return {
    fits: /\.fit(?:_transform|_predict)?\(/.test(text),
    saves: SAVES.test(text),
    paths: pathsOf(text),
    models: modelsOf(text),
    ...labelsOf(text),
    ...(family && { family }),
    encodes: /\bLabelEncoder\(/.test(text),
    imports: importsOf(text),
  }
}

function importsOf(text: string): string[] {
  const found = [...text.matchAll(/^[ \t]*(?:from\s+([\w.]+)\s+import|import\s+([\w., \t]+))/gm)].flatMap(
    ([, from, list]) => (from !== undefined ? [from] : list!.split(',').map((each) => each.trim().split(/\s/)[0]!)),
  )
  return [...new Set(found.filter((each) => each !== '' && !each.startsWith('.')))]
}

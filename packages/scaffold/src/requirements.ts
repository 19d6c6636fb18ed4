import type { Survey } from './survey.ts'

/** Packages by the modules that they bring; what a model's code commonly imports. */
const PACKAGES: Record<string, string> = {
  catboost: 'catboost',
  joblib: 'joblib',
  lightgbm: 'lightgbm',
  matplotlib: 'matplotlib',
  mlflow: 'mlflow',
  numpy: 'numpy',
  onnx: 'onnx',
  pandas: 'pandas',
  polars: 'polars',
  pyarrow: 'pyarrow',
  scipy: 'scipy',
  seaborn: 'seaborn',
  skl2onnx: 'skl2onnx',
  sklearn: 'scikit-learn',
  xgboost: 'xgboost',
  yaml: 'PyYAML',
}

/** skl2onnx 1.20.0 does not work with protobuf 7. */
const CONVERTS = ['onnx', 'protobuf<7', 'skl2onnx']

/** Lines of a requirements file that `modelyard/requirements.txt` must hold beside the repository's own; maybe none. */
export function missingRequirements({ texts }: Survey, imports: string[], converts: boolean): string[] {
  const own = texts.get('requirements.txt')
  const present = new Set((own ?? '').split('\n').map(nameOf))
  const wanted = [
    ...(own === undefined ? imports.flatMap((module) => PACKAGES[module] ?? []) : []),
    ...(converts ? CONVERTS : []),
  ]
  return [...new Set(wanted)].filter((line) => !present.has(nameOf(line))).sort()
}

function nameOf(line: string): string {
  return line
    .trim()
    .split(/[\s<>=!~[;#@]/)[0]!
    .toLowerCase()
    .replaceAll(/[-_.]+/g, '-')
}

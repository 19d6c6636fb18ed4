import type { Task } from '@modelyard/spec'
import { formatOf } from './formats.ts'
import { FRAMES, type Frames, readerOf } from './frames.ts'
import { list, literal } from './python-text.ts'

export interface TrainSettings {
  /** Run in the copy, in this order; none for a notebook. */
  commands: string[]
  notebook?: string
  /** Files that hold the training rows alone in the copy. */
  data: string[]
  train: string
  holdout: string
  /** What is saved there: ONNX, or a scikit-learn model by joblib or pickle. */
  model: string
  out: string
  /** Where the framework's own predictions on the hold-out go, to check the ONNX model by. */
  predictions: string
  /** What reads data as the code does, if it is known. */
  frames: Frames | undefined
  task: Task
  /** The columns that a model may take, in their order. */
  features: string[]
  /** Those of them that hold no numbers. */
  text: string[]
  /** The classes that the code numbers in this order; empty where it does not. */
  classes: string[]
}

/**
 * The program that trains on the training rows alone and leaves an ONNX file, as Python. Names from the repository stand
 * in its constants alone, as literals.
 */
export function trainProgram(settings: TrainSettings): string {
  const { notebook, data, train, model, out } = settings
  const converts = !isOnnx(model)
  const compares = converts && settings.frames !== undefined
  const packs = data.some(isPacked) && !isPacked(train)
  const modules = [packs && 'gzip', (converts || notebook) && 'json', 'os', 'shutil', 'subprocess', 'sys', 'tempfile']
  const runs = notebook === undefined ? 'the commands below' : "the notebook's cells"
  const lines = [
    `"""Trains on the training rows alone, and leaves an ONNX file.`,
    '',
    '`modelyard init` wrote this file; it is yours. It copies the files of this folder to another, in which DATA holds the',
    `training rows alone, and runs ${runs} there as they are: they cannot see the hold-out.`,
    '"""',
    '',
    ...modules.filter(Boolean).map((module) => `import ${module}`),
    'from pathlib import Path',
    ...(converts ? ['', ...convertImports(settings)] : []),
    '',
    notebook === undefined ? `COMMANDS = ${list(settings.commands)}` : `NOTEBOOK = Path(${literal(notebook)})`,
    `DATA = ${list(data)}`,
    `TRAIN = Path(${literal(train)})`,
    `MODEL = ${literal(model)}  # what is saved there`,
    `OUT = Path(${literal(out)})`,
    ...(compares
      ? [`HOLDOUT = Path(${literal(settings.holdout)})`, `PREDICTIONS = Path(${literal(settings.predictions)})`]
      : []),
    ...(converts ? constants(settings) : []),
    '',
    '',
    'def main() -> None:',
    '    with tempfile.TemporaryDirectory() as folder:',
    '        copy = Path(folder)',
    '        make_copy(copy)',
    '        environment = {**os.environ, "MPLBACKEND": "Agg"}  # pictures need no screen',
    ...(notebook === undefined ? RUN_COMMANDS : RUN_NOTEBOOK),
    '        if not (copy / MODEL).is_file():',
    '            sys.exit(f"Nothing was saved at {MODEL}. Correct MODEL in {__file__}.")',
    '        OUT.parent.mkdir(parents=True, exist_ok=True)',
    ...(converts
      ? ['        model = load(copy / MODEL)', '        OUT.write_bytes(convert(model).SerializeToString())']
      : ['        shutil.copyfile(copy / MODEL, OUT)']),
    ...(compares ? ['        predict_holdout(model)'] : []),
    '',
    '',
    ...makeCopy(packs),
    ...(notebook === undefined ? [] : WRITE_SCRIPT),
    ...(converts ? [...LOAD, ...convert(settings.classes.length > 0)] : []),
    ...(compares ? predictHoldout(settings) : []),
    'if __name__ == "__main__":',
    '    main()',
    '',
  ]
  return lines.join('\n')
}

function isOnnx(file: string): boolean {
  return /\.onnx$/i.test(file)
}

function isPacked(file: string): boolean {
  return /\.gz$/i.test(file)
}

function convertImports({ frames }: TrainSettings): string[] {
  return [
    'import joblib',
    ...(frames ? [`import ${frames} as ${FRAMES[frames]}`] : []),
    'from onnx.helper import set_model_props',
    'from skl2onnx import to_onnx',
    'from skl2onnx.common.data_types import FloatTensorType, StringTensorType',
    'from sklearn.base import is_classifier',
    'from sklearn.compose import ColumnTransformer',
  ]
}

function constants({ features, text, classes }: TrainSettings): string[] {
  return [
    `FEATURES = ${list(features)}`,
    `TEXT = ${list(text)}  # those of them that hold no numbers`,
    ...(classes.length === 0 ? [] : [`CLASSES = ${list(classes)}  # what the code numbers 0, 1, ...`]),
  ]
}

const RUN_COMMANDS = [
  '        for command in COMMANDS:',
  '            subprocess.run(command, shell=True, check=True, cwd=copy, env=environment)',
]

const RUN_NOTEBOOK = [
  '        script = write_script(copy / NOTEBOOK)',
  '        subprocess.run([sys.executable, script.name], check=True, cwd=script.parent, env=environment)',
]

function makeCopy(packs: boolean): string[] {
  return [
    'def make_copy(copy: Path) -> None:',
    '    """Copies what git keeps here, or would keep, without a model that was saved before."""',
    '    options = ["--cached", "--others", "--exclude-standard", "-z"]',
    '    listed = subprocess.run(["git", "ls-files", *options], check=True, capture_output=True).stdout.decode()',
    '    for name in filter(None, listed.split("\\0")):',
    '        if Path(name).is_file() and name not in DATA:',
    '            (copy / name).parent.mkdir(parents=True, exist_ok=True)',
    '            shutil.copy2(name, copy / name)',
    '    for name in DATA:',
    '        (copy / name).parent.mkdir(parents=True, exist_ok=True)',
    packs
      ? '        (copy / name).write_bytes(gzip.compress(TRAIN.read_bytes()))'
      : '        shutil.copyfile(TRAIN, copy / name)',
    '    (copy / MODEL).unlink(missing_ok=True)',
    '    (copy / MODEL).parent.mkdir(parents=True, exist_ok=True)',
    '',
    '',
  ]
}

const WRITE_SCRIPT = [
  'def write_script(notebook: Path) -> Path:',
  '    """The notebook\'s code beside it, without what only Jupyter understands."""',
  '    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]',
  '    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]',
  '    lines = ["display = print"]',
  '    for source in code:',
  '        if not source.startswith("%%"):',
  '            lines += ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]',
  '    script = notebook.with_suffix(".cells.py")',
  '    script.write_text("\\n".join(lines), encoding="utf-8")',
  '    return script',
  '',
  '',
]

const LOAD = [
  'def load(path: Path):',
  '    """The model that was saved: of a search, the best that it found."""',
  '    model = joblib.load(path)',
  '    if not hasattr(model, "predict"):',
  '        sys.exit(f"{MODEL} holds a {type(model).__name__}, no model that predicts. Save the fitted pipeline alone.")',
  '    return getattr(model, "best_estimator_", model)',
  '',
  '',
  'def columns_of(model) -> list[str]:',
  '    """The columns that the model takes, in their order."""',
  '    names = [str(name) for name in getattr(model, "feature_names_in_", FEATURES)]',
  '    unknown = ", ".join(name for name in names if name not in FEATURES)',
  '    if unknown:',
  '        sys.exit(f"The model takes {unknown}, which the data do not have. Let the saved pipeline make that itself.")',
  '    if len(names) != model.n_features_in_:',
  '        sys.exit(f"The model takes {model.n_features_in_} columns: name them in FEATURES, in their order.")',
  '    return names',
  '',
  '',
]

function convert(namesClasses: boolean): string[] {
  return [
    'def convert(model):',
    '    """The model as ONNX, which takes columns by their names."""',
    '    names = columns_of(model)',
    '    properties = {}',
    '    first = model.steps[0][1] if hasattr(model, "steps") else model',
    '    if isinstance(first, ColumnTransformer):',
    '        inputs = [(name, (StringTensorType if name in TEXT else FloatTensorType)([None, 1])) for name in names]',
    '    else:',
    '        inputs = [("features", FloatTensorType([None, len(names)]))]',
    '        properties["columns"] = json.dumps(names)',
    ...(namesClasses ? ['    if is_classifier(model):', '        properties["classes"] = json.dumps(CLASSES)'] : []),
    '    options = {id(model): {"zipmap": False}} if is_classifier(model) else None',
    '    graph = to_onnx(model, initial_types=inputs, options=options)',
    '    graph.opset_import.sort(key=lambda opset: opset.domain)  # as they come, they differ from run to run',
    '    set_model_props(graph, properties)',
    '    return graph',
    '',
    '',
  ]
}

/** Of two classes, their words may be read as truths, so that probabilities alone are compared. */
function predictHoldout({ frames, holdout, task }: TrainSettings): string[] {
  const answer =
    task === 'binary-classification'
      ? '"probability": model.predict_proba(rows)[:, 1]'
      : '"prediction": model.predict(rows)'
  const short = FRAMES[frames!]
  // pandas reads JSON as one document, unless it is told.
  const jsonLines = frames === 'pandas' && formatOf(holdout) === 'lines' ? ', lines=True' : ''
  const write = frames === 'pandas' ? 'to_csv(PREDICTIONS, index=False)' : 'write_csv(PREDICTIONS)'
  return [
    'def predict_holdout(model) -> None:',
    '    """Leaves scikit-learn\'s own predictions, to check that ONNX says the same; learns nothing."""',
    `    rows = ${short}.${readerOf(holdout, frames!)}(HOLDOUT${jsonLines})[columns_of(model)]`,
    '    if not hasattr(model, "feature_names_in_"):',
    '        rows = rows.to_numpy()',
    `    ${short}.DataFrame({${answer}}).${write}`,
    '',
    '',
  ]
}

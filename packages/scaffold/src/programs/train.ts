import { extname } from 'node:path'
import { list, literal } from './python-text.ts'

export interface TrainSettings {
  /** Run in the copy, in this order; none for a notebook. */
  commands: string[]
  notebook?: string
  /** Files that hold the training rows alone in the copy. */
  data: string[]
  train: string
  /** What the commands save. */
  model: string
  out: string
  /** Columns that a model without names of its own takes, in their order. */
  features: string[]
  /** Those of all columns that hold text. */
  text: string[]
  /** The classes that the code numbers in this order; empty where it does not. */
  classes: string[]
}

/** The program that trains on the training rows alone and leaves an ONNX file, as Python. */
export function trainProgram(settings: TrainSettings): string {
  const { notebook, data, train, model, out } = settings
  const converts = extname(model).toLowerCase() !== '.onnx'
  const packed = data.some((file) => /\.gz$/i.test(file))
  const modules = [
    ...(packed ? ['gzip'] : []),
    ...(converts || notebook !== undefined ? ['json'] : []),
    ...(notebook === undefined ? [] : ['os', 'sys']),
    ...(converts && notebook === undefined ? ['sys'] : []),
    'shutil',
    'subprocess',
    'tempfile',
  ].sort()
  return `"""Trains on the training rows alone, and ${converts ? 'turns what was saved into ONNX' : 'takes the ONNX file that was written'}.

\`modelyard init\` wrote this file; it is yours. It copies the files of this folder to another, in which
${data.join(' and ')} ${data.length > 1 ? 'hold' : 'holds'} the training rows alone, and runs ${notebook === undefined ? 'the commands below' : "the notebook's cells"} there as they are: so they cannot
see the hold-out, whatever they read.
"""

${modules.map((module) => `import ${module}\n`).join('')}from pathlib import Path
${converts ? CONVERT_IMPORTS : ''}
${notebook === undefined ? `COMMANDS = ${list(settings.commands)}` : `NOTEBOOK = Path(${literal(notebook)})`}
DATA = ${list(data)}
TRAIN = Path(${literal(train)})
MODEL = ${literal(model)}  # what ${notebook === undefined ? 'the commands save' : 'the notebook saves'}
OUT = Path(${literal(out)})
${converts ? constants(settings) : ''}

def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        make_copy(copy)
${notebook === undefined ? RUN_COMMANDS : '        run_notebook(copy)\n'}        OUT.parent.mkdir(parents=True, exist_ok=True)
${converts ? '        OUT.write_bytes(convert(copy / MODEL).SerializeToString())\n' : '        shutil.copyfile(copy / MODEL, OUT)\n'}

def make_copy(copy: Path) -> None:
    """Copies what git keeps here, or would keep, without a model that was saved before."""
    options = ["--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(["git", "ls-files", *options], check=True, capture_output=True).stdout.decode()
    for name in filter(None, listed.split("\\0")):
        if Path(name).is_file() and name not in DATA:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, copy / name)
    for name in DATA:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
${packed ? '        (copy / name).write_bytes(gzip.compress(TRAIN.read_bytes()) if name.endswith(".gz") else TRAIN.read_bytes())\n' : '        shutil.copyfile(TRAIN, copy / name)\n'}    (copy / MODEL).unlink(missing_ok=True)
    (copy / MODEL).parent.mkdir(parents=True, exist_ok=True)

${notebook === undefined ? '' : RUN_NOTEBOOK}${converts ? convertFunctions(settings.classes.length > 0) : ''}
if __name__ == "__main__":
    main()
`
}

/** The folder in which a program that stands in modelyard/ runs is the model's: its paths are relative to that. */
export const OUTPUTS = {
  train: 'modelyard/data/train',
  holdout: 'modelyard/data/holdout',
  model: 'modelyard/out/model.onnx',
}

const RUN_COMMANDS = `        for command in COMMANDS:
            subprocess.run(command, shell=True, check=True, cwd=copy)
`

const RUN_NOTEBOOK = `
def run_notebook(copy: Path) -> None:
    """Runs the notebook's code in the notebook's folder, without the lines that only Jupyter understands."""
    cells = json.loads((copy / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    lines = ["display = print"]
    for source in code:
        if not source.startswith("%%"):
            lines += ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
    script = (copy / NOTEBOOK).with_suffix(".init.py")
    script.write_text("\\n".join(lines), encoding="utf-8")
    environment = {**os.environ, "MPLBACKEND": "Agg"}
    subprocess.run([sys.executable, script.name], check=True, cwd=script.parent, env=environment)

`

const CONVERT_IMPORTS = `
import joblib
from onnx.helper import set_model_props
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.base import is_classifier
from sklearn.compose import ColumnTransformer
`

function constants({ features, text, classes }: TrainSettings): string {
  return `FEATURES = ${list(features)}  # what a model takes that names no columns
TEXT = ${list(text)}  # the columns that hold no numbers
${classes.length === 0 ? '' : `CLASSES = ${list(classes)}  # what the code numbers 0, 1, …\n`}`
}

function convertFunctions(classes: boolean): string {
  return `
def convert(path: Path):
    """The saved scikit-learn model as ONNX, which takes columns by their names."""
    if not path.is_file():
        sys.exit(f"Nothing was saved at {MODEL}. Correct MODEL in {__file__}.")
    model = joblib.load(path)
    if not hasattr(model, "predict"):
        sys.exit(f"{MODEL} holds a {type(model).__name__}, no model that predicts. Let it hold the fitted pipeline alone.")
    model = getattr(model, "best_estimator_", model)
    names = [str(name) for name in getattr(model, "feature_names_in_", FEATURES)]
    if len(names) != model.n_features_in_:
        sys.exit(f"The model takes {model.n_features_in_} columns; FEATURES in {__file__} must name them, in their order.")
    options = {id(model): {"zipmap": False}} if is_classifier(model) else None
    if isinstance(next(iter(getattr(model, "named_steps", {"": model}).values())), ColumnTransformer):
        kind = {name: StringTensorType if name in TEXT else FloatTensorType for name in names}
        inputs = [(name, kind[name]([None, 1])) for name in names]
        graph = to_onnx(model, initial_types=inputs, options=options)
    else:
        inputs = [("features", FloatTensorType([None, len(names)]))]
        graph = to_onnx(model, initial_types=inputs, options=options)
        set_model_props(graph, {"columns": json.dumps(names)${classes ? ', "classes": json.dumps(CLASSES)' : ''}})
    return graph

`
}

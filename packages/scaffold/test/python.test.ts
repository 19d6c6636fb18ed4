import { describe, expect, it } from 'vitest'
import { readPython } from '../src/python/facts.ts'

describe('the label that code learns', () => {
  it.each([
    ['y = df["late"]', ['late']],
    ["y = df['late'].values", ['late']],
    ['y = df[["late"]].to_numpy().ravel()', ['late']],
    ['y = df.late', ['late']],
    ['y = frame.get_column("late")', ['late']],
    ['y = df.loc[:, "late"]', ['late']],
    ['TARGET = "late"\ny = df[TARGET]', ['late']],
    ['X, y = df.drop(columns=["late"]), df["late"]', ['late']],
    ['X = df.drop("late", axis=1)\nclf.fit(X, df["late"])', ['late']],
    ['labels = df.pop("late")', ['late']],
    ['# y = df["early"]\ny = df["late"]', ['late']],
    ['y_pred = model.predict(df["early"])', []],
  ])('is found in %j', (code, labels) => {
    expect(readPython(code).labels).toEqual(labels)
    expect(readPython(code).codings.size).toBe(0)
  })

  it.each([
    ['y = df["late"].map({"no": 0, "yes": 1})', { kind: 'listed', values: ['no', 'yes'] }],
    ['y = df["late"].map({\n    "yes": 1,\n    "no": 0,\n})', { kind: 'listed', values: ['no', 'yes'] }],
    ['df["late"] = df["late"].replace({"no": 0, "yes": 1})\ny = df["late"]', { kind: 'listed', values: ['no', 'yes'] }],
    ['y = (df["late"] == "yes").astype(int)', { kind: 'is', value: 'yes' }],
    ['y = LabelEncoder().fit_transform(df["late"])', { kind: 'sorted' }],
    ['y = df["late"].astype("category").cat.codes', { kind: 'sorted' }],
    ['y = (df["late"] > 15).astype(int)', { kind: 'computed', code: '(df["late"] > 15).astype(int)' }],
    ['y = np.log1p(df["late"])', { kind: 'computed', code: 'np.log1p(df["late"])' }],
    ['y = df["late"].map({"no": 1, "yes": 2})', { kind: 'computed', code: 'df["late"].map({"no": 1, "yes": 2})' }],
  ])('is told from the column that it is made of: %j', (code, coding) => {
    const { labels, codings } = readPython(code)
    expect(labels[0]).toBe('late')
    expect(codings.get('late')).toEqual(coding)
  })
})

describe('the file that code saves its model to', () => {
  it.each([
    ['joblib.dump(model, "model.joblib")', ['model.joblib']],
    ['OUT = Path("models")\njoblib.dump(model, OUT / "model.joblib")', ['models/model.joblib']],
    ['with open(os.path.join("out", "m.pkl"), "wb") as f:\n    pickle.dump(model, f)', ['out/m.pkl']],
    ['HERE = Path(__file__).parent\nwith open(HERE / "m.pkl", "wb") as f:\n    pickle.dump(m, f)', ['m.pkl']],
    ['joblib.dump(scaler, "scaler.pkl")\njoblib.dump(clf, "classifier.pkl")', ['classifier.pkl', 'scaler.pkl']],
    ['old = joblib.load("old.pkl")\njoblib.dump(new, "new.pkl")', ['new.pkl', 'old.pkl']],
    ['joblib.dump(m, "m.joblib")\nopen("m.onnx", "wb").write(onx.SerializeToString())', ['m.onnx', 'm.joblib']],
  ])('is found in %j', (code, models) => {
    expect(readPython(code).models).toEqual(models)
  })
})

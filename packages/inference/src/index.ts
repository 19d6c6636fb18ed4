export { type InspectedModel, inspectModel } from './inspect.ts'
export { type OnnxModel, type OpenModelOptions, openModel } from './model.ts'
export { comparePredictions, type Parity, type ParityOptions } from './parity.ts'
export { type Predictions, type PredictOptions, predict } from './predict.ts'

import type { Code } from '../python/code.ts'
import type { Survey } from '../survey.ts'

/** The ways in which repositories train that are known. */
export type Habit = 'DVC pipeline' | 'MLflow project' | 'CML workflow' | 'scikit-learn script' | 'notebook'

/** How a repository trains, as one file of it says. */
export interface Finding {
  habit: Habit
  /** The file that says so. */
  file: string
  /** What trains, in this order, each run in the model's folder; none for a notebook, whose cells are run. */
  commands: string[]
  /** The code that they run, in this order; the last is what fits the model. */
  code: Code[]
  /** What the file itself says beyond the code. */
  model?: string
  data: string[]
  /** Others that could have been meant. */
  others: string[]
}

export type Detector = (survey: Survey) => Finding | undefined

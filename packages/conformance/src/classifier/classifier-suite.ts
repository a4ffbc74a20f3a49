// classifierSuite: a classifier, trainable or not, keeps its contract.

import { componentGroup, configurationGroup } from '../framework/component-groups.ts'
import { checkOptions } from '../framework/suite.ts'
import { checkModelOptions, MODEL_OPTIONS, registerModelSuite } from '../trained-model/model-case.ts'
import { modelGroups, ONCE } from '../trained-model/model-groups.ts'
import { ClassifierCase, type ClassifierGroup, type ClassifierSuiteOptions } from './classifier-case.ts'
import { confidencesGroup } from './groups/confidences.ts'
import { examplesGroup } from './groups/examples.ts'
import { labelsGroup } from './groups/labels.ts'
import { learningGroup } from './groups/learning.ts'

/** The groups of the suite. */
export const classifierGroups: readonly ClassifierGroup[] = [
  componentGroup('classifier'),
  labelsGroup,
  confidencesGroup,
  examplesGroup,
  learningGroup,
  ...modelGroups,
  configurationGroup(),
]

/**
 * Registers the tests of one classifier with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function classifierSuite(options: ClassifierSuiteOptions): void {
  checkOptions('classifierSuite', options, [...MODEL_OPTIONS, 'independentLabels'])
  checkModelOptions('classifierSuite', options)
  registerModelSuite('Classifier', classifierGroups, ONCE, options, (scope, from) => new ClassifierCase(options, scope, from))
}

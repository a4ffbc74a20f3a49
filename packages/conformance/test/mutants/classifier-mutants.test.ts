// The Classifier suite bites: every wrong classifier fails exactly the groups that it breaks.

import { classifierGroups, classifierSuite, openReferenceClassifier, referenceClassifier } from '@cbir/conformance'
import { CLASSIFIER_MUTANTS } from './classifier-mutants.ts'
import { registerMutant } from './register-model-mutant.ts'
import { testMutants } from './test-mutants.ts'

testMutants('wrong classifiers', CLASSIFIER_MUTANTS, classifierGroups, (runner, mutant) => {
  const open = (directory: string): ReturnType<typeof openReferenceClassifier> => openReferenceClassifier({ directory })
  classifierSuite({ runner, ...registerMutant(mutant, 'train', () => referenceClassifier(), open) })
})

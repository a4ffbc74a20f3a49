// classificationElementSuite: an element that holds a classification keeps its contract.

import { same } from '../framework/check.ts'
import { componentGroup, configurationGroup, RERUNS } from '../framework/component-groups.ts'
import { checkOptions, registerGroups } from '../framework/suite.ts'
import { ClassificationElementCase, type ClassificationElementGroup, type ClassificationElementSuiteOptions } from './classification-element-case.ts'
import { abortGroup, concurrencyGroup, copiesGroup, persistenceGroup } from './groups/calls.ts'
import { notClassifiedGroup, orderGroup, refusedGroup, setGroup } from './groups/content.ts'

/** The groups of the suite. */
export const classificationElementGroups: readonly ClassificationElementGroup[] = [
  componentGroup('classification-element', {
    'it has the type and the uid that it was made with': async (t) => {
      const element = await t.make('a type', 'a uid/é✓')
      same(element.type, 'a type', 'type')
      same(element.uid, 'a uid/é✓', 'uid')
    },
  }),
  notClassifiedGroup,
  setGroup,
  orderGroup,
  refusedGroup,
  copiesGroup,
  abortGroup,
  concurrencyGroup,
  persistenceGroup,
  configurationGroup(),
]

/**
 * Registers the tests of one kind of element with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function classificationElementSuite(options: ClassificationElementSuiteOptions): void {
  checkOptions('classificationElementSuite', options, ['create', 'reopen', 'fromConfig'])
  if (typeof options.create !== 'function') throw new TypeError('classificationElementSuite: create must be a function that gives a new element.')
  const { runner, fromConfig } = options
  runner.group(options.name ?? 'ClassificationElement', () => {
    const register = (again: boolean): void =>
      registerGroups(classificationElementGroups, options, (scope) => new ClassificationElementCase(options, scope, again))
    register(false)
    if (fromConfig) runner.group(RERUNS.configured, () => register(true))
  })
}

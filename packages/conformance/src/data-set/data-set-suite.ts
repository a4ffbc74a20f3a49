// dataSetSuite: every group of behaviour, on a fresh set and on one made again from its configuration.

import type { DataSet } from '@cbir/core'
import { referenceDataElement } from '../data-element/reference.ts'
import { componentGroup, configurationGroup, madeAgain, RERUNS } from '../framework/component-groups.ts'
import { checkOptions, registerGroups } from '../framework/suite.ts'
import { DataSetCase, type DataSetGroup, type DataSetSuiteOptions, whereWritable } from './data-set-case.ts'
import { abortGroup } from './groups/abort.ts'
import { addGroup } from './groups/add.ts'
import { badInputGroup } from './groups/bad-input.ts'
import { buffersGroup } from './groups/buffers.ts'
import { concurrencyGroup } from './groups/concurrency.ts'
import { disposeGroup } from './groups/dispose.ts'
import { elementsGroup } from './groups/elements.ts'
import { getGroup } from './groups/get.ts'
import { readOnlyGroup } from './groups/read-only.ts'

/** The groups of the suite. */
export const dataSetGroups: readonly DataSetGroup[] = [
  componentGroup('data-set'),
  getGroup,
  elementsGroup,
  addGroup,
  badInputGroup,
  readOnlyGroup,
  abortGroup,
  disposeGroup,
  concurrencyGroup,
  buffersGroup,
  configurationGroup(),
]

/**
 * Registers the tests of one data set with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function dataSetSuite(options: DataSetSuiteOptions): void {
  const { runner, create, fromConfig } = options
  checkOptions('dataSetSuite', options, ['create', 'writable', 'fromConfig'])
  if (typeof create !== 'function') throw new TypeError('dataSetSuite: create must be a function that gives a set of some contents.')
  const register = (making: DataSetCase['create']): void => registerGroups(dataSetGroups, options, (scope) => new DataSetCase(options, scope, making))

  runner.group(options.name ?? 'DataSet', () => {
    register(async (contents) => create(contents))
    if (fromConfig) runner.group(RERUNS.configured, () => register(again))
  })

  /** A set that cannot be written is made again with what it holds; one that can be is filled afterwards, as its content is no configuration. */
  async function again(contents: readonly Uint8Array[]): Promise<DataSet> {
    const writable = whereWritable(options)
    const set = await madeAgain(await create(writable ? [] : contents), fromConfig!)
    if (writable && contents.length > 0) await set.addMany([contents.map((bytes) => referenceDataElement(bytes))])
    return set
  }
}

// What a case of the Classifier suite works with.

import type { CallOptions, Classifier, ComponentConfig, Source, VectorBatch } from '@cbir/core'
import { clustered } from '../framework/clusters.ts'
import type { Made } from '../framework/component-groups.ts'
import type { Group } from '../framework/suite.ts'
import { ModelCase, type ModelSuiteOptions } from '../trained-model/model-case.ts'
import type { FullClassifier } from './reference.ts'

/** Options of `classifierSuite`. */
export interface ClassifierSuiteOptions extends ModelSuiteOptions {
  readonly create: () => Made<Classifier>
  readonly capabilities: readonly ('train' | 'persist')[]
  /** The labels do not exclude each other: the confidences of a vector need not sum to 1. */
  readonly independentLabels?: boolean | undefined
  readonly reopen?: ((directory: string) => Made<Classifier>) | undefined
  readonly fromConfig?: ((config: ComponentConfig) => Made<Classifier>) | undefined
}

/** A group of the Classifier suite. */
export type ClassifierGroup = Group<ClassifierCase, ClassifierSuiteOptions>

export class ClassifierCase extends ModelCase<FullClassifier> {
  declare readonly options: ClassifierSuiteOptions
  private others: VectorBatch | undefined

  teach(classifier: FullClassifier, source: Source<VectorBatch>, options?: CallOptions): Promise<void> {
    this.others ??= this.cluster(1, this.rows)
    return classifier.train({ cat: source, dog: [this.others] }, options)
  }

  async ask(classifier: FullClassifier, vectors: VectorBatch, options?: CallOptions): Promise<Float32Array> {
    return (await classifier.classify(vectors, options)).confidences
  }

  questions(classifier: FullClassifier, options?: CallOptions): Record<string, () => Promise<unknown>> {
    return { labels: () => classifier.labels(options), classify: () => classifier.classify(this.vectors(2), options) }
  }

  /** Vectors that lie together, far from those of another `which`. */
  cluster(which: number, count: number): VectorBatch {
    return clustered(this.vectors(count), which, this.options.histograms === true)
  }
}

// CallOrder: what changes a component takes effect in the order of the calls, though replacements are prepared side by side.

/**
 * A *replacement* (build) prepares at once, and takes effect when every earlier call has settled. A *change* (update, remove) begins when every
 * earlier replacement has settled; changes run beside each other.
 */
export class CallOrder {
  private replacements: Promise<unknown> = Promise.resolve()
  private changes: Promise<unknown> = Promise.resolve()

  /** `work` gets the promise to await before it takes effect. */
  replace<T>(work: (turn: Promise<unknown>) => Promise<T>): Promise<T> {
    const running = work(Promise.all([this.replacements, this.changes]))
    this.replacements = settled([this.replacements, running])
    return running
  }

  /** `work` gets the promise to await before it begins. */
  change<T>(work: (turn: Promise<unknown>) => Promise<T>): Promise<T> {
    const running = work(this.replacements)
    this.changes = settled([this.changes, running])
    return running
  }
}

async function settled(promises: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(promises)
}

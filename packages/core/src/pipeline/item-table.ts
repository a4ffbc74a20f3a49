// ItemTable: which item, and which part of it, a uid of the index stands for.

import type { PartPosition } from '../descriptor-generator/descriptor-generator.ts'

export interface ItemRecord<M> {
  readonly id: string
  readonly metadata: M | undefined
  /** The uids of its parts in the index, in the order of the parts. */
  readonly uids: readonly string[]
  readonly parts: readonly PartPosition[]
}

export interface PartOf<M> {
  readonly item: ItemRecord<M>
  readonly part: PartPosition
}

/** Items by id, and parts by uid. */
export class ItemTable<M> {
  private readonly items = new Map<string, ItemRecord<M>>()
  private readonly partsByUid = new Map<string, PartOf<M>>()

  get count(): number {
    return this.items.size
  }

  get(id: string): ItemRecord<M> | undefined {
    return this.items.get(id)
  }

  partAt(uid: string): PartOf<M> | undefined {
    return this.partsByUid.get(uid)
  }

  records(): IterableIterator<ItemRecord<M>> {
    return this.items.values()
  }

  /** Adds an item or replaces the one with its id. */
  set(item: ItemRecord<M>): void {
    this.delete(item.id)
    this.items.set(item.id, item)
    item.uids.forEach((uid, i) => {
      this.partsByUid.set(uid, { item, part: item.parts[i]! })
    })
  }

  delete(id: string): void {
    const item = this.items.get(id)
    if (!item) return
    this.items.delete(id)
    for (const uid of item.uids) if (this.partsByUid.get(uid)?.item === item) this.partsByUid.delete(uid)
  }
}

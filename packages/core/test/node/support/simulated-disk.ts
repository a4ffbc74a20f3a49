// SimulatedDisk: a file system in memory that records every operation, and can be asked what a disk would hold after a crash at any of them.
//
// The model is the strictest one that POSIX allows. What was written to a file since its last sync may be on the device or not, each operation
// for itself; the last one also in part. A name that was made, renamed or removed since its directory's last sync may be so or not.

import { dirname, join } from 'node:path'
import { CbirError } from '../../../src/index.ts'
import type { FileSystem, Storage } from '../../../src/node/index.ts'

type NodeId = number

interface FileNode {
  readonly kind: 'file'
  bytes: Uint8Array
}

interface DirectoryNode {
  readonly kind: 'directory'
  readonly names: Map<string, NodeId>
}

type Operation =
  | { readonly type: 'create'; readonly directory: NodeId; readonly name: string; readonly node: NodeId; readonly kind: 'file' | 'directory' }
  | { readonly type: 'rename'; readonly directory: NodeId; readonly name: string; readonly to: string }
  | { readonly type: 'remove'; readonly directory: NodeId; readonly name: string }
  | { readonly type: 'write'; readonly node: NodeId; readonly bytes: Uint8Array; readonly position: number }
  | { readonly type: 'truncate'; readonly node: NodeId; readonly size: number }
  | { readonly type: 'sync'; readonly node: NodeId }
  | { readonly type: 'syncDirectory'; readonly node: NodeId }

const ROOT: NodeId = 0

export class SimulatedDisk {
  readonly operations: Operation[] = []
  /** Called before each operation that changes something; it may throw what the device would. */
  fault: ((operation: Operation) => void) | undefined
  private readonly nodes = new Map<NodeId, FileNode | DirectoryNode>([[ROOT, { kind: 'directory', names: new Map() }]])
  private next = 1

  /** The storage of a process named `process` that works on this disk; every other process has ended. */
  storage(process = 'one'): Storage {
    return { files: this.files(), processes: { self: process, hasEnded: (token) => token !== process } }
  }

  /** Puts a file there, in a directory below the root. */
  async put(path: string, bytes: Uint8Array): Promise<void> {
    const files = this.files()
    if (!(await files.stat(dirname(path)))) await files.makeDirectory(dirname(path))
    await (await files.open(path, 'create')).write(bytes, 0)
  }

  /** Applies an operation; one that has lost its ground (its directory entry was dropped) does nothing. */
  private apply(operation: Operation): void {
    if (operation.type === 'write' || operation.type === 'truncate') {
      const file = this.nodes.get(operation.node)
      if (file?.kind !== 'file') return
      if (operation.type === 'truncate') {
        const bytes = new Uint8Array(operation.size)
        bytes.set(file.bytes.subarray(0, operation.size))
        file.bytes = bytes
      } else {
        const bytes = new Uint8Array(Math.max(file.bytes.length, operation.position + operation.bytes.length))
        bytes.set(file.bytes)
        bytes.set(operation.bytes, operation.position)
        file.bytes = bytes
      }
      return
    }
    if (operation.type === 'sync' || operation.type === 'syncDirectory') return
    if (operation.type === 'create') {
      this.nodes.set(operation.node, operation.kind === 'file' ? { kind: 'file', bytes: new Uint8Array(0) } : { kind: 'directory', names: new Map() })
    }
    const directory = this.nodes.get(operation.directory)
    if (directory?.kind !== 'directory') return
    if (operation.type === 'create') directory.names.set(operation.name, operation.node)
    else {
      const node = directory.names.get(operation.name)
      if (node === undefined) return
      directory.names.delete(operation.name)
      if (operation.type === 'rename') directory.names.set(operation.to, node)
    }
  }

  private run(operation: Operation): void {
    this.fault?.(operation)
    this.operations.push(operation)
    this.apply(operation)
  }

  private find(path: string): { id: NodeId; node: FileNode | DirectoryNode } | undefined {
    let id = ROOT
    for (const part of path.split('/').filter(Boolean)) {
      const node = this.nodes.get(id)
      const inner = node?.kind === 'directory' ? node.names.get(part) : undefined
      if (inner === undefined) return undefined
      id = inner
    }
    return { id, node: this.nodes.get(id)! }
  }

  private must(path: string): { id: NodeId; node: FileNode | DirectoryNode } {
    const found = this.find(path)
    if (!found) throw new CbirError('NOT_FOUND', `Could not open ${path}. It does not exist.`, { details: { path, errno: 'ENOENT' } })
    return found
  }

  private directory(path: string): { id: NodeId; names: Map<string, NodeId> } {
    const { id, node } = this.must(path)
    if (node.kind !== 'directory') throw new CbirError('IO_FAILED', `${path} is a file`, { details: { path, errno: 'ENOTDIR' } })
    return { id, names: node.names }
  }

  private files(): FileSystem {
    const create = (path: string, kind: 'file' | 'directory'): void => {
      if (this.find(path)) throw new CbirError('IO_FAILED', `${path} exists`, { details: { path, errno: 'EEXIST' } })
      this.run({ type: 'create', directory: this.directory(dirname(path)).id, name: path.split('/').at(-1)!, node: this.next++, kind })
    }
    const remove = (path: string): void => {
      this.must(path)
      this.run({ type: 'remove', directory: this.directory(dirname(path)).id, name: path.split('/').at(-1)! })
    }
    const fs: FileSystem = {
      open: async (path, mode) => {
        if (mode === 'create') create(path, 'file')
        const { id, node } = this.must(path)
        if (node.kind !== 'file') throw new CbirError('IO_FAILED', `${path} is a directory`, { details: { path, errno: 'EISDIR' } })
        return {
          read: async (buffer, position) => {
            const bytes = node.bytes.subarray(position, position + buffer.length)
            buffer.set(bytes)
            return bytes.length
          },
          write: async (bytes, position) => this.run({ type: 'write', node: id, bytes: Uint8Array.from(bytes), position }),
          truncate: async (size) => this.run({ type: 'truncate', node: id, size }),
          size: async () => node.bytes.length,
          sync: async () => this.run({ type: 'sync', node: id }),
          close: async () => undefined,
        }
      },
      stat: async (path) => {
        const found = this.find(path)
        if (!found) return undefined
        const { id, node } = found
        return { kind: node.kind, size: node.kind === 'file' ? node.bytes.length : 0, modified: 0, identity: String(id) }
      },
      readDirectory: async (path) => [...this.directory(path).names.keys()],
      makeDirectory: async (path) => create(path, 'directory'),
      rename: async (from, to) => {
        this.must(from)
        this.run({ type: 'rename', directory: this.directory(dirname(from)).id, name: from.split('/').at(-1)!, to: to.split('/').at(-1)! })
      },
      unlink: async (path) => remove(path),
      removeDirectory: async (path) => {
        if (this.directory(path).names.size > 0) throw new CbirError('IO_FAILED', `${path} is not empty`, { details: { path, errno: 'ENOTEMPTY' } })
        remove(path)
      },
      removeTree: async (path) => {
        const found = this.find(path)
        if (!found) return
        // One by one, as it is really done: a crash may come in between.
        if (found.node.kind === 'directory') for (const name of [...found.node.names.keys()]) await fs.removeTree(join(path, name))
        remove(path)
      },
      syncDirectory: async (path) => this.run({ type: 'syncDirectory', node: this.directory(path).id }),
      realPath: async (path) => {
        this.must(path)
        return path
      },
    }
    return fs
  }

  /**
   * The disks that a crash right after the first `count` operations may leave: everything of what was not yet synced kept, everything dropped,
   * only names, only contents, each single one dropped (with `pairs` also any two), each single one kept, and the last write torn.
   */
  *crashesAfter(count: number, pairs = false): Generator<{ disk: SimulatedDisk; how: string }, void, undefined> {
    const done = this.operations.slice(0, count)
    const pending = done.flatMap((operation, i) => (isPending(done, operation, i) ? [i] : []))
    const isName = (i: number): boolean => 'directory' in done[i]!
    const variants: [string, (i: number) => boolean][] = [
      ['all kept', () => true],
      ['all dropped', () => false],
      ['only names kept', isName],
      ['only contents kept', (i) => !isName(i)],
    ]
    for (const one of pending) variants.push([`${one} dropped`, (i) => i !== one], [`${one} kept`, (i) => i === one])
    if (pairs) for (const a of pending) for (const b of pending) if (a < b) variants.push([`${a} and ${b} dropped`, (i) => i !== a && i !== b])
    for (const [how, keep] of variants) yield { how, disk: this.replay(done, (i) => !pending.includes(i) || keep(i)) }
    const last = pending.findLast((i) => done[i]!.type === 'write')
    if (last === undefined) return
    const write = done[last] as Operation & { type: 'write' }
    for (const [how, bytes] of tornHalves(write.bytes)) {
      const torn = done.with(last, { ...write, bytes })
      yield { how: `${last} torn (${how}), else kept`, disk: this.replay(torn, () => true) }
      yield { how: `${last} torn (${how}), else dropped`, disk: this.replay(torn, (i) => i === last || !pending.includes(i)) }
    }
  }

  private replay(operations: readonly Operation[], keep: (i: number) => boolean): SimulatedDisk {
    const disk = new SimulatedDisk()
    operations.forEach((operation, i) => {
      // A file whose name was dropped is still written to: it has no name, that is all.
      if (keep(i)) disk.apply(operation)
      else if (operation.type === 'create') disk.apply({ ...operation, directory: -1 })
    })
    disk.next = this.next
    return disk
  }
}

function isPending(done: readonly Operation[], operation: Operation, i: number): boolean {
  if (operation.type === 'sync' || operation.type === 'syncDirectory') return false
  const isName = 'directory' in operation
  const node = isName ? operation.directory : operation.node
  return !done.slice(i).some((later) => later.type === (isName ? 'syncDirectory' : 'sync') && later.node === node)
}

function tornHalves(bytes: Uint8Array): [string, Uint8Array][] {
  const half = bytes.length >> 1
  const zeros = Uint8Array.from(bytes)
  zeros.fill(0, half)
  const secondHalf = Uint8Array.from(bytes)
  secondHalf.fill(0, 0, half)
  return [
    ['first half', bytes.slice(0, half)],
    ['all but one byte', bytes.slice(0, bytes.length - 1)],
    ['then zeros', zeros],
    ['zeros, then second half', secondHalf],
  ]
}

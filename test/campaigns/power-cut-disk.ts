import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * What a disk may hold after a power cut, from the list that power-cut-shim.c wrote. Bytes are certain only once their
 * file was synced, names only once the folder was; of the rest any part may be there, in any order.
 */

/** Which of the unsynced changes reached the disk. */
export type Survival = 'none' | 'some' | 'torn' | 'reordered'
export const SURVIVALS: readonly Survival[] = ['none', 'some', 'torn', 'reordered']

interface Step {
  readonly op: string
  readonly name: string
  readonly offset: number
  readonly bytes: Buffer
}

interface DiskFile {
  synced: Buffer
  unsynced: Step[]
}

export interface Disk {
  readonly steps: number
  /** Name → file, as the folder was when it was last synced. */
  readonly syncedNames: ReadonlyMap<string, DiskFile>
  /** The same as programs saw it. */
  readonly names: ReadonlyMap<string, DiskFile>
}

/** Follows the list of the shim; a last record that is cut off is no step. */
export function readDisk(list: Buffer): Disk {
  const names = new Map<string, DiskFile>()
  let syncedNames = new Map<string, DiskFile>()
  let steps = 0
  for (const step of stepsOf(list)) {
    steps++
    const file = names.get(step.name)
    if (step.op === 'c') names.set(step.name, { synced: Buffer.alloc(0), unsynced: [] })
    else if (step.op === 'u') names.delete(step.name)
    else if (step.op === 'l') names.set(step.name, names.get(step.bytes.toString())!)
    else if (step.op === 's' && step.name === '') syncedNames = new Map(names)
    else if (step.op === 's' && file !== undefined) {
      file.synced = file.unsynced.reduce(applied, file.synced)
      file.unsynced = []
    } else if (step.op === 'w' || step.op === 't') file?.unsynced.push(step)
  }
  return { steps, syncedNames, names }
}

/** Writes the folder as it may be found after the cut. `random` in [0, 1). */
export function writeFolder(dir: string, disk: Disk, survival: Survival, random: () => number): void {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { mode: 0o700 })
  const coin = () => survival !== 'none' && random() < 0.5
  for (const name of new Set([...disk.syncedNames.keys(), ...disk.names.keys()])) {
    const file = (coin() ? disk.names : disk.syncedNames).get(name)
    if (file === undefined) continue
    const survived = file.unsynced.filter(coin)
    if (survival === 'reordered') shuffle(survived, random)
    const steps = survival === 'torn' ? survived.flatMap((step) => tornSectors(step, random)) : survived
    writeFileSync(join(dir, name), steps.reduce(applied, file.synced), { mode: 0o600 })
  }
}

const SECTOR = 512

/** The sectors of a write that reached the disk. */
function tornSectors(step: Step, random: () => number): Step[] {
  if (step.op !== 'w') return [step]
  const parts: Step[] = []
  for (let start = 0; start < step.bytes.length; ) {
    const end = Math.min(start + SECTOR - ((step.offset + start) % SECTOR), step.bytes.length)
    if (random() < 0.5) {
      parts.push({ ...step, offset: step.offset + start, bytes: step.bytes.subarray(start, end) })
    }
    start = end
  }
  return parts
}

function applied(content: Buffer, { op, offset, bytes }: Step): Buffer {
  if (op === 't') return Buffer.concat([content.subarray(0, offset)], offset)
  const end = offset + bytes.length
  // A gap that was never written reads as zeros.
  const whole = end > content.length ? Buffer.concat([content], end) : Buffer.from(content)
  bytes.copy(whole, offset)
  return whole
}

function shuffle(steps: Step[], random: () => number): void {
  for (let i = steps.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[steps[i], steps[j]] = [steps[j]!, steps[i]!]
  }
}

const HEAD_BYTES = 15

function* stepsOf(list: Buffer): Generator<Step> {
  for (let at = 0; at + HEAD_BYTES <= list.length; ) {
    const nameEnd = at + HEAD_BYTES + list.readUInt16LE(at + 1)
    const end = nameEnd + list.readUInt32LE(at + 11)
    if (end > list.length) return
    yield {
      op: String.fromCharCode(list[at]!),
      name: list.toString('utf8', at + HEAD_BYTES, nameEnd),
      offset: Number(list.readBigUInt64LE(at + 3)),
      bytes: list.subarray(nameEnd, end),
    }
    at = end
  }
}

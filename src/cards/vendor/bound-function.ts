import { readFileSync, statSync, writeFileSync } from 'node:fs'
import type { KoffiFunc, LibraryHandle } from 'koffi'
import { Fault } from '../../common/fault.ts'
import type { CallValues, VendorAnswer } from './bridge-protocol.ts'
import { type GuardedMemory, guardedMemory } from './guarded-memory.ts'
import type { VendorFunction, VendorPrototypes } from './prototypes.ts'

export type BoundFunction = (values: CallValues) => VendorAnswer

/**
 * A function of a loaded library, callable with named values; null if the library exports none of its names.
 * Runs where the library runs: the working folder must be the library's own.
 *
 * A call throws `CARD_VENDOR_VALUE` (a value is missing or of the wrong size) and `CARD_VENDOR_OVERRUN` (the library
 * wrote past its room: the process can't be trusted any more).
 */
export function bindFunction(
  library: LibraryHandle,
  convention: VendorPrototypes['convention'],
  name: string,
  prototype: VendorFunction,
): BoundFunction | null {
  const types = prototype.arguments.map(({ type }) => cTypes[type])
  for (const symbol of prototype.symbols ?? [name]) {
    const native = findSymbol(library, convention, symbol, types)
    if (native !== null) return (values) => callNative(native, name, prototype, values)
  }
  return null
}

const cTypes = {
  int: 'int',
  uchar: 'uchar',
  input: 'void *',
  output: 'void *',
  lengthOf: 'void *',
  file: 'str',
} as const

type NativeFunction = KoffiFunc<(...words: unknown[]) => number>

function findSymbol(
  library: LibraryHandle,
  convention: VendorPrototypes['convention'],
  symbol: string,
  types: string[],
): NativeFunction | null {
  try {
    return library.func(`__${convention}`, symbol, 'int', types) as NativeFunction
  } catch {
    return null
  }
}

function callNative(
  native: NativeFunction,
  name: string,
  prototype: VendorFunction,
  values: CallValues,
): VendorAnswer {
  const memory = new Map<string, GuardedMemory>()
  const words = prototype.arguments.map((argument) => prepare(argument, values, prototype, memory))
  if (words.includes(null))
    throw new Fault('CARD_VENDOR_VALUE', `${name} was called with other values than it takes`)
  const result = native(...words)
  for (const { intact } of memory.values())
    if (!intact()) throw new Fault('CARD_VENDOR_OVERRUN', `${name} wrote past the end of its memory`)
  return { result, ...collect(prototype, memory), file: readProduct(prototype.produces) }
}

/** What the function gets for an argument, null if the value is none for it. */
function prepare(
  argument: Argument,
  values: CallValues,
  prototype: VendorFunction,
  memory: Map<string, GuardedMemory>,
): number | string | Uint8Array | null {
  const value = values[argument.name]
  switch (argument.type) {
    case 'int':
    case 'uchar':
      return typeof value === 'number' && Number.isInteger(value) ? value : null
    case 'input':
      if (!(value instanceof Uint8Array) || value.length !== argument.bytes) return null
      return reserve(memory, argument.name, argument.bytes, value)
    case 'output':
      return reserve(memory, argument.name, argument.bytes, argument.fill ?? 0)
    case 'lengthOf':
      return reserve(memory, argument.name, 4, uint32(roomOf(prototype, argument.of)))
    case 'file':
      if (!(value instanceof Uint8Array)) return null
      writeFileSync(argument.file, value, { mode: 0o600 })
      // The bare name: a whole path could hold characters that the library's code page lacks.
      return argument.file
  }
}

type Argument = VendorFunction['arguments'][number]

function reserve(
  memory: Map<string, GuardedMemory>,
  name: string,
  bytes: number,
  content: number | Uint8Array,
): Buffer {
  const guarded = guardedMemory(bytes, typeof content === 'number' ? content : 0)
  if (typeof content !== 'number') guarded.area.set(content)
  memory.set(name, guarded)
  return guarded.area
}

function collect({ arguments: all }: VendorFunction, memory: ReadonlyMap<string, GuardedMemory>) {
  const outputs: Record<string, Uint8Array> = {}
  const lengths: Record<string, number> = {}
  for (const argument of all)
    if (argument.type === 'lengthOf')
      lengths[argument.of] = memory.get(argument.name)?.area.readUInt32LE() ?? 0
  for (const { type, name } of all) {
    const area = memory.get(name)?.area
    // A copy: the margins would travel with a view.
    if (type === 'output' && area !== undefined)
      outputs[name] = Uint8Array.from(area.subarray(0, lengths[name]))
  }
  return { outputs, lengths }
}

/** Larger than any picture of a card, so that a broken library can't fill the station's memory. */
const MAX_PRODUCT_BYTES = 1_048_576

function readProduct(file: string | undefined): Uint8Array | null {
  if (file === undefined) return null
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  return size > 0 && size <= MAX_PRODUCT_BYTES ? Uint8Array.from(readFileSync(file)) : null
}

function roomOf({ arguments: all }: VendorFunction, output: string): number {
  const found = all.find(({ name }) => name === output)
  return found?.type === 'output' ? found.bytes : 0
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

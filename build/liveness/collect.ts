import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import type { FrameObservation } from '../../src/face/liveness/observation.ts'
import { LivenessNetwork } from '../../src/face/liveness/passive.ts'
import { FRAME_MS, hardlyHonest, honest, type Instrument, instruments } from './instruments/clips.ts'
import { ClipObserver } from './observe-clip.ts'
import { loadRoom, loadSitters, type Sitter } from './people.ts'

/** What the station would know of one clip. */
export interface ObservedClip {
  readonly instrument: string
  readonly person: string
  readonly half: Sitter['half']
  readonly observations: readonly FrameObservation[]
  /** Of an earlier visit that the station remembers. */
  readonly earlier: readonly FrameObservation[]
}

/** Clips that are made of one person in one go. */
const BLOCK = 4
/** Blocks for each person of either half; the clips of the one are there to choose by and in no figure. */
const BLOCKS = {
  'reported-on': { attack: 2, honest: 2, hardlyHonest: 1 },
  'chosen-on': { attack: 1, honest: 2, hardlyHonest: 1 },
} as const
/** The reported clips have numbers, and so seeds, that nobody looked at while something was chosen. */
export const FIRST_REPORTED = 2000

/** One block of clips: what, of which person (index in `loadSitters`), from which clip number on. */
export interface PlannedBlock {
  readonly instrument: Instrument
  readonly person: number
  readonly first: number
}

/** Injected films show honest pictures, by which nothing is chosen: one block of everybody. */
export function planOf(sitters: readonly Pick<Sitter, 'half'>[]): PlannedBlock[] {
  return [...instruments, honest, ...hardlyHonest].flatMap((instrument) =>
    sitters.flatMap(({ half }, person) =>
      firstNumbers(instrument, half).map((first) => ({ instrument, person, first })),
    ),
  )
}

function firstNumbers(instrument: Instrument, half: Sitter['half']): number[] {
  const from = (first: number, blocks: number) => Array.from({ length: blocks }, (_, i) => first + i * BLOCK)
  if (instrument.kind === 'injected') return from(FIRST_REPORTED, 1)
  const blocks = BLOCKS[half]
  const count =
    instrument.kind !== null ? blocks.attack : instrument === honest ? blocks.honest : blocks.hardlyHonest
  return from(half === 'chosen-on' ? 0 : FIRST_REPORTED, count)
}

export interface CollectOptions {
  /** Keeps what was seen, to go on after a break; null keeps nothing. */
  readonly cacheFolder: string | null
  /** Which blocks of the plan, all by default: some alone, or a share for each of several processes with one cache. */
  readonly wanted?: (block: PlannedBlock, index: number) => boolean
}

/** Makes every clip and looks at it. */
export async function collectClips({
  cacheFolder,
  wanted = () => true,
}: CollectOptions): Promise<ObservedClip[]> {
  const recogniser = await ArcfaceRecogniser.open()
  const network = await LivenessNetwork.openUncalibrated()
  try {
    const sitters = await loadSitters(recogniser)
    const stage = { sitters, room: await loadRoom(), observer: new ClipObserver(recogniser, network) }
    const clips: ObservedClip[] = []
    for (const block of planOf(sitters).filter(wanted)) {
      const file = `${block.instrument.name}.${block.person}.${block.first}.bin`
      clips.push(...(await remembered(cacheFolder, file, () => makeBlock(block, stage))))
    }
    return clips
  } finally {
    await Promise.all([recogniser.close(), network.close()])
  }
}

async function remembered(
  folder: string | null,
  name: string,
  make: () => Promise<ObservedClip[]>,
): Promise<ObservedClip[]> {
  if (folder === null) return make()
  const file = join(folder, name)
  if (existsSync(file)) return deserialize(readFileSync(file)) as ObservedClip[]
  mkdirSync(folder, { recursive: true })
  const made = await make()
  writeFileSync(file, serialize(made))
  return made
}

interface Stage {
  readonly sitters: readonly Sitter[]
  readonly room: Awaited<ReturnType<typeof loadRoom>>
  readonly observer: ClipObserver
}

async function makeBlock(
  { instrument, person, first }: PlannedBlock,
  { sitters, room, observer }: Stage,
): Promise<ObservedClip[]> {
  const sitter = sitters[person]!
  const others = sitters.filter(({ half, name }) => half === sitter.half && name !== sitter.name)
  const clips: ObservedClip[] = []
  for (let number = first; number < first + BLOCK; number++) {
    const other = others[number % others.length]!
    const seed = seedOf(`${instrument.name} ${person} ${number}`)
    const clip = await instrument.make({ sitter, other, room }, seed)
    clips.push({
      instrument: instrument.name,
      person: sitter.name,
      half: sitter.half,
      observations: await observer.observe(clip.frames, FRAME_MS),
      earlier: await observer.observe(clip.earlier, FRAME_MS),
    })
    observer.forget()
  }
  return clips
}

function seedOf(words: string): number {
  return createHash('sha256').update(words).digest().readUInt32LE()
}

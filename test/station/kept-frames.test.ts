import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { recompute } from '../../src/cli/face-recompute.ts'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames, emptyFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { type FaceEngine, startFaceEngine } from '../../src/face/engine.ts'
import { recompute as repeat } from '../../src/face/recompute.ts'
import { SOFTWARE } from '../../src/station/data-folder.ts'
import { FrameKeeper, type KeepingPolicy, keptLook } from '../../src/station/kept-frames.ts'
import { DoorRig } from './door-rig.ts'

/* The real engine on simulated camera frames and card portraits of the face-api package's photographs. */

let engine: FaceEngine
let portrait: Uint8Array
let right: Uint8Array[]
let wrong: Uint8Array[]
let empty: Uint8Array[]
let rig: DoorRig
let copies: string[] = []

beforeAll(async () => {
  engine = await startFaceEngine()
  portrait = await makePortrait(demoFaces[0]!)
  right = await Array.fromAsync(cameraFrames(demoFaces[0]!, { count: 12, seed: 3 }))
  wrong = await Array.fromAsync(cameraFrames(demoFaces[4]!, { count: 12, seed: 3 }))
  empty = await Array.fromAsync(emptyFrames({ count: 2, seed: 1 }))
}, 60_000)
afterEach(async () => {
  await rig.stop()
  for (const dir of copies) rmSync(dir, { recursive: true })
  copies = []
})
afterAll(() => engine.close())

/** A door with the real engine that keeps frames, before a camera that shows these in turn. */
function open(film: readonly Uint8Array[], policy: KeepingPolicy = { megabytes: 100, days: 30 }): DoorRig {
  rig = new DoorRig({ lookMs: 20_000, nobodyMs: 20_000 }, (data) => ({
    engine,
    frameKeeper: new FrameKeeper(data, policy, (fault) => {
      throw fault
    }),
  }))
  let turn = 0
  rig.camera = () => film[turn++ % film.length]!
  rig.door.start()
  return rig
}

const pass = () => rig.pass({}, portrait, 30_000)

async function repeated(index: number) {
  const record = rig.events()[index]!
  if (record.type !== 'attendance' && record.type !== 'refusal') throw new Error(record.type)
  const look = unwrap(keptLook(rig.data, rig.person, index))
  const salt = rig.data.side.get(rig.person, 'biometric', 'salt')
  return repeat(engine, record.data.face!, { ...look, salt }, SOFTWARE)
}

test('a kept decision is repeated to the bit, whoever stood there and whatever came between', async () => {
  open([empty[0]!, ...right.slice(0, 2), empty[1]!, ...right.slice(2)]).consent()
  const verified = await pass()
  expect(verified.verdict).toBe('verified')
  expect(await repeated(verified.index!)).toMatchObject({
    same: true,
    difference: null,
    portraitChecked: true,
    largestDifference: 0,
    repeated: { verdict: 'verified' },
  })
  await rig.door.command({ type: 'direction', direction: 'out' })
  let turn = 0
  rig.camera = () => wrong[turn++ % wrong.length]!
  const refused = await pass()
  expect(refused).toMatchObject({ verdict: 'refused', reason: 'face-mismatch' })
  const again = await repeated(refused.index!)
  expect(again).toMatchObject({ same: true, repeated: { verdict: 'refused' } })
  expect(again.frames.length).toBeGreaterThanOrEqual(3)
}, 90_000)

test('every frame with a face is recorded in its order, frames without one are only counted', async () => {
  open([empty[0]!, ...right]).consent()
  const { index } = await pass()
  const { face } = rig.last('attendance')
  const kept = unwrap(keptLook(rig.data, rig.person, index!))
  expect(face!.frames).toHaveLength(kept.frames.length)
  expect(face!.frames.every(({ issue }) => issue !== 'no-face')).toBe(true)
  expect(face!.decision).toMatchObject({ verdict: 'verified', software: SOFTWARE })
  expect(face!.frames[0]!.tracked).toBe(undefined)
}, 60_000)

test('the command repeats it from the folder and elsewhere, and names the first thing that differs', async () => {
  open(right).consent()
  const { index } = await pass()
  const station = copyOf(rig)
  const away = join(station, 'away')
  expect(await recompute(['--data', station, '--event', String(index), '--write', away])).toBe(0)
  const files = ['--event-file', join(away, 'event.json'), '--salt', join(away, 'salt')]
  const elsewhere = ['--frames', join(away, 'frames'), '--portrait', join(away, 'portrait'), ...files]
  expect(await recompute(elsewhere)).toBe(0)

  const [first] = readdirSync(join(away, 'frames')).sort()
  const file = join(away, 'frames', first!)
  const bytes = readFileSync(file)
  writeFileSync(file, Buffer.concat([bytes, Buffer.of(0)]))
  expect(await recompute(elsewhere)).toBe(1)
  writeFileSync(file, bytes)
  writeFileSync(join(away, 'portrait'), await makePortrait(demoFaces[2]!))
  expect(await recompute(elsewhere)).toBe(1)
}, 120_000)

test('a score that was written otherwise is found', async () => {
  open(right).consent()
  const { index } = await pass()
  const { face } = rig.last('attendance')
  const look = unwrap(keptLook(rig.data, rig.person, index!))
  const [first, ...rest] = face!.frames
  const forged = { ...face!, frames: [{ ...first!, score: first!.score! + 2 ** -40 }, ...rest] }
  const answer = await repeat(engine, forged, { ...look, salt: null }, SOFTWARE)
  expect(answer).toMatchObject({ same: false, portraitChecked: false })
  expect(answer.difference).toMatch(/^frame 1 of \d: recorded score/)
  const other = { ...face!, model: { ...face!.model, sha256: '0'.repeat(64) } }
  expect((await repeat(engine, other, { ...look, salt: null }, SOFTWARE)).difference).toMatch(/^model: /)
}, 60_000)

test('who agreed to another notice is compared, and no frame is kept', async () => {
  open(right).append({
    type: 'consent',
    data: { person: rig.person, purpose: 'face', granted: true, notice: '4'.repeat(64) },
  })
  const { index, verdict } = await pass()
  expect(verdict).toBe('verified')
  expect(keptLook(rig.data, rig.person, index!)).toMatchObject({ fault: { code: 'STATION_FRAMES_MISSING' } })
}, 60_000)

test('frames go with the quota, the key and age, the oldest first', () => {
  const { data, person, clock } = open([])
  const keeper = new FrameKeeper(data, { megabytes: 1, days: 2 }, (fault) => {
    throw fault
  })
  const look = { portrait: new Uint8Array(1), frames: [new Uint8Array(300_000)] }
  const kept = () => data.side.sizes('look/').map(({ name }) => Number(name.slice('look/'.length)))
  for (const index of [1, 2, 3]) keeper.keep(person, index, look)
  expect(kept()).toEqual([1, 2, 3])
  keeper.keep(person, 4, look)
  expect(kept()).toEqual([2, 3, 4])
  data.side.destroy(person, 'biometric')
  expect(kept()).toEqual([])
  keeper.keep(person, 4, look)
  clock.set(data.clock.now().wall + 3 * 24 * 3600_000)
  keeper.prune()
  expect(kept()).toEqual([])
}, 60_000)

function copyOf({ dir }: DoorRig): string {
  const copy = mkdtempSync(join(tmpdir(), 'shidao-kept-'))
  copies.push(copy)
  cpSync(dir, copy, { recursive: true, filter: (file) => !file.endsWith('.lock') })
  return copy
}

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { type FaceEngine, startFaceEngine } from '../../src/face/engine.ts'
import { MODEL_FOLDER } from '../../src/face/models.ts'
import type { Template } from '../../src/face/recogniser.ts'

/* Pictures that nobody's camera should give, sent to the real engine process. */

let engine: FaceEngine
let frame: Buffer
let reference: Template

beforeAll(async () => {
  engine = await startFaceEngine()
  for await (const one of cameraFrames(demoFaces[0]!, { count: 1, seed: 1 })) frame = Buffer.from(one)
  reference = unwrap(await engine.template(await makePortrait(demoFaces[0]!), 'portrait')).template
}, 60_000)
afterAll(() => engine.close())

/** The engine's answer in one word, and that the same process goes on afterwards. */
async function answerTo(picture: Uint8Array): Promise<string> {
  const { pid } = engine
  const answer = await engine.compare(picture, reference)
  expect(engine.pid).toBe(pid)
  if (!answer.ok) return answer.fault.code
  const { score, issue } = answer.value
  if (issue !== null) return issue
  return score! >= engine.info.thresholds.accept ? 'match' : 'nonmatch'
}

describe('is compared like any other', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('a picture with EXIF orientation %i', async (orientation) => {
    const mirrored = [2, 4, 5, 7].includes(orientation) ? await sharp(frame).flop().toBuffer() : frame
    // The turn that undoes what the tag asks for, after the mirror.
    const degrees = { 1: 0, 2: 0, 3: 180, 4: 180, 5: 270, 6: 270, 7: 90, 8: 90 }[orientation]!
    const turned = await sharp(mirrored).rotate(degrees).jpeg({ quality: 95 }).toBuffer()
    expect(await answerTo(await sharp(turned).withMetadata({ orientation }).jpeg().toBuffer())).toBe('match')
  })

  test('a grey, a CMYK, a 16-bit and a transparent picture', async () => {
    const variants = [
      sharp(frame).greyscale().jpeg(),
      sharp(frame).toColourspace('cmyk').jpeg(),
      sharp(frame).toColourspace('rgb16').png(),
      sharp(frame).ensureAlpha(0.9).png(),
    ]
    for (const variant of variants) expect(await answerTo(await variant.toBuffer())).toBe('match')
  })

  test('the first picture of an animated WebP', async () => {
    const nobody = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#888' } })
      .png()
      .toBuffer()
    const animated = await sharp([frame, nobody], { join: { animated: true } })
      .webp({ delay: [100, 100] })
      .toBuffer()
    expect((await sharp(animated).metadata()).pages).toBe(2)
    expect(await answerTo(animated)).toBe('match')
  })
})

describe('is refused with a code', () => {
  test('nothing, noise and a JPEG that ends early', async () => {
    expect(await answerTo(new Uint8Array())).toBe('FACE_IMAGE_INVALID')
    expect(await answerTo(Buffer.alloc(100_000, 0xa5))).toBe('FACE_IMAGE_INVALID')
    expect(await answerTo(frame.subarray(0, Math.floor(frame.length * 0.7)))).toBe('FACE_IMAGE_INVALID')
  })

  test('TIFF, GIF, SVG, AVIF and a HEIC header', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>')
    const heic = Buffer.from(`0000001866747970686569630000000068656963${'00'.repeat(64)}`, 'hex')
    const small = () => sharp(frame).resize(64, 48)
    const pictures = [
      svg,
      heic,
      await small().tiff().toBuffer(),
      await small().gif().toBuffer(),
      await small().avif().toBuffer(),
    ]
    for (const picture of pictures) expect(await answerTo(picture)).toBe('FACE_IMAGE_INVALID')
  })

  test('a picture of a few kilobytes that would unpack to gigabytes', async () => {
    expect(await answerTo(bomb(60_000, 60_000))).toBe('FACE_IMAGE_TOO_LARGE')
    // Within the limit by its head, and its data says otherwise: cut off like any torn file.
    expect(await answerTo(bomb(6_000, 6_000))).toBe('FACE_IMAGE_INVALID')
  })
})

describe('has an issue and no score', () => {
  test('one pixel, and no face', async () => {
    const one = sharp({ create: { width: 1, height: 1, channels: 3, background: '#c96' } })
    expect(await answerTo(await one.png().toBuffer())).toBe('no-face')
    expect(await answerTo(await one.resize(640, 480).jpeg().toBuffer())).toBe('no-face')
  })

  test('ten faces', async () => {
    const small = await sharp(frame).extract({ left: 140, top: 20, width: 360, height: 440 }).toBuffer()
    const ten = Array.from({ length: 10 }, (_, i) => ({
      input: small,
      left: 360 * (i % 5),
      top: 440 * Math.floor(i / 5),
    }))
    const crowd = sharp({ create: { width: 1800, height: 880, channels: 3, background: '#888' } })
    expect(await answerTo(await crowd.composite(ten).jpeg().toBuffer())).toBe('several-faces')
  })
})

describe('a reference that is no direction', () => {
  test.each([
    ['NaN', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('%s gives a code and never a score', async (_, value) => {
    const embedding = Float32Array.from(reference.embedding).fill(value, 0, 1)
    const answer = await engine.compare(frame, { model: reference.model, embedding })
    expect(answer).toMatchObject({ ok: false, fault: { code: 'FACE_NOT_FINITE' } })
    expect(await answerTo(frame)).toBe('match')
  })
})

describe('a model file that is', () => {
  const folders: string[] = []
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true })
  })
  const changed = (change: (folder: string) => void): string => {
    const folder = mkdtempSync(join(tmpdir(), 'shidao-models-'))
    folders.push(folder)
    cpSync(MODEL_FOLDER, folder, { recursive: true })
    change(folder)
    return folder
  }

  test.each([
    ['missing', 'FACE_MODEL_MISSING', (file: string) => rmSync(file)],
    ['empty', 'FACE_MODEL_ALTERED', (file: string) => writeFileSync(file, '')],
    ['altered', 'FACE_MODEL_ALTERED', (file: string) => writeFileSync(file, 'x', { flag: 'a' })],
  ])('%s keeps the engine closed with %s', async (_, code, spoil) => {
    for (const name of ['blazeface', 'facemesh', 'fr_feature']) {
      const modelFolder = changed((folder) => spoil(join(folder, `${name}.onnx`)))
      await expect(startFaceEngine({ modelFolder })).rejects.toMatchObject({ code })
    }
  })

  test('gone when a lost engine is replaced: a code for every request, and work again once it is back', async () => {
    const modelFolder = changed(() => {})
    const other = await startFaceEngine({ modelFolder })
    try {
      rmSync(join(modelFolder, 'fr_feature.onnx'))
      const { pid } = other
      process.kill(pid!, 'SIGKILL')
      while (other.pid === pid) await new Promise((resolve) => setTimeout(resolve, 5))
      const answer = await other.compare(frame, reference)
      expect(answer).toMatchObject({ ok: false, fault: { code: 'FACE_MODEL_MISSING' } })
      cpSync(join(MODEL_FOLDER, 'fr_feature.onnx'), join(modelFolder, 'fr_feature.onnx'))
      expect(unwrap(await other.compare(frame, reference)).score).not.toBe(null)
    } finally {
      await other.close()
    }
  }, 60_000)
})

/** A PNG whose head promises so many pixels and whose data is a few rows of zeros. */
function bomb(width: number, height: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const zeros = deflateSync(Buffer.alloc(1_000_000))
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', zeros), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(content.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

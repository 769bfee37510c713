import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { splitMjpeg } from '../../../src/face/liveness/video/mjpeg.ts'
import { readVideo } from '../../../src/face/liveness/video/read-video.ts'
import { parseY4mHeader, rgbOfY4m } from '../../../src/face/liveness/video/y4m.ts'

const folder = mkdtempSync(join(tmpdir(), 'shidao-video-'))
afterAll(() => rmSync(folder, { recursive: true }))

const jpeg = (grey: number) =>
  sharp({ create: { width: 32, height: 32, channels: 3, background: { r: grey, g: grey, b: grey } } })
    .jpeg()
    .toBuffer()

/** A 4:2:0 film of 16 × 16 whose frames are grey of these levels. */
function y4m(levels: readonly number[], rate = '10:1'): Buffer {
  const frames = levels.map((level) =>
    Buffer.concat([Buffer.from('FRAME\n'), Buffer.alloc(256, level), Buffer.alloc(128, 128)]),
  )
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W16 H16 F${rate} Ip C420jpeg\n`), ...frames])
}

function written(name: string, bytes: Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}

describe('YUV4MPEG2', () => {
  test('says size, rate and sampling', () => {
    const header = parseY4mHeader('YUV4MPEG2 W640 H480 F30000:1001 Ip A1:1 C422')
    expect(header).toMatchObject({ ok: true, value: { width: 640, height: 480, chroma: [2, 1] } })
    expect(header.ok && header.value.frameBytes).toBe(640 * 480 * 2)
    expect(header.ok && header.value.framesPerSecond).toBeCloseTo(29.97, 2)
  })

  test.each(['RIFF', 'YUV4MPEG2 W16', 'YUV4MPEG2 W99999 H16', 'YUV4MPEG2 W16 H16 C420p10', ''])(
    'is refused as FACE_VIDEO when it is "%s"',
    (line) => expect(parseY4mHeader(line)).toMatchObject({ ok: false, fault: { code: 'FACE_VIDEO' } }),
  )

  test('has colours by BT.601, limited range stretched', () => {
    const header = parseY4mHeader('YUV4MPEG2 W16 H16 C444')
    if (!header.ok) throw header.fault
    const planes = new Uint8Array(3 * 256)
    planes.fill(81, 0, 256).fill(90, 256, 512).fill(240, 512)
    const [red, green, blue] = rgbOfY4m(planes, header.value).data
    expect(red).toBeGreaterThan(250)
    expect(Math.max(green!, blue!)).toBeLessThan(5)
  })
})

describe('a stream of JPEG pictures', () => {
  test('is split into the pictures, without what lies between them and without the cut-off last', async () => {
    const [a, b] = [await jpeg(40), await jpeg(200)]
    const stream = Buffer.concat([
      Buffer.from('noise'),
      a,
      Buffer.from([0, 255, 0]),
      b,
      a.subarray(0, a.length - 9),
    ])
    expect(splitMjpeg(stream).map((picture) => Buffer.from(picture))).toEqual([a, b])
  })

  test('doesn’t take a thumbnail inside a picture for one', async () => {
    const [outer, inner] = [await jpeg(40), await jpeg(200)]
    const length = Buffer.alloc(2)
    length.writeUInt16BE(2 + inner.length)
    const withThumbnail = Buffer.concat([
      outer.subarray(0, 2),
      Buffer.from([0xff, 0xe1]),
      length,
      inner,
      outer.subarray(2),
    ])
    expect(splitMjpeg(withThumbnail)).toHaveLength(1)
  })

  test('of nothing but noise has no picture', () => {
    expect(splitMjpeg(new Uint8Array([0xff, 0xd8, 0xff, 0xd8, 0xff, 0xda, 0, 4, 1, 2]))).toEqual([])
    expect(splitMjpeg(new Uint8Array())).toEqual([])
  })
})

describe('reading a video', () => {
  test('gives frames of a .y4m file a tenth of a second apart', async () => {
    const levels = Array.from({ length: 9 }, (_, i) => 20 * i)
    const frames = await Array.fromAsync(readVideo(written('slow.y4m', y4m(levels, '30:1'))))
    expect(frames.map(({ image }) => image.data[0])).toEqual([0, 60, 120])
    expect(frames.map(({ at }) => Math.round(at))).toEqual([0, 100, 200])
  })

  test('ends at a frame that is cut off', async () => {
    const whole = y4m([10, 20])
    const frames = await Array.fromAsync(readVideo(written('cut.y4m', whole.subarray(0, -5))))
    expect(frames).toHaveLength(1)
  })

  test('gives equal frames of a .mjpeg file equal hashes', async () => {
    const [a, b] = [await jpeg(40), await jpeg(200)]
    const stream = Buffer.concat([a, a, a, b, b, b, a])
    const frames = await Array.fromAsync(readVideo(written('film.mjpeg', stream)))
    expect(frames).toHaveLength(3)
    expect(frames[0]!.sha256).toBe(frames[2]!.sha256)
    expect(frames[0]!.sha256).not.toBe(frames[1]!.sha256)
  })

  test('of another kind says to install ffmpeg when it is not there', async () => {
    const file = written('film.mp4', Buffer.from('no film'))
    vi.stubEnv('PATH', folder)
    try {
      await expect(Array.fromAsync(readVideo(file))).rejects.toMatchObject({
        code: 'FACE_VIDEO',
        message: expect.stringContaining('install ffmpeg'),
      })
    } finally {
      vi.unstubAllEnvs()
    }
  })

  test('of a missing file is FACE_FILE', async () => {
    await expect(Array.fromAsync(readVideo(join(folder, 'none.y4m')))).rejects.toMatchObject({
      code: 'FACE_FILE',
    })
  })
})

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { normalised } from '../../src/face/embed.ts'
import { startFaceEngine } from '../../src/face/engine.ts'
import { loadModel, MODEL_FOLDER } from '../../src/face/models.ts'
import { runSelfTest } from '../../src/face/self-test.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shidao-models-'))
  cpSync(MODEL_FOLDER, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('weights', () => {
  test('that lack a file open no recogniser and no engine', async () => {
    rmSync(join(folder, 'facemesh.onnx'))
    await expect(ArcfaceRecogniser.open({ modelFolder: folder })).rejects.toMatchObject({
      code: 'FACE_MODEL_MISSING',
    })
    await expect(startFaceEngine({ modelFolder: folder })).rejects.toMatchObject({
      code: 'FACE_MODEL_MISSING',
    })
  })

  test('with one flipped bit open no recogniser and no engine', async () => {
    const file = join(folder, 'fr_feature.onnx')
    const bytes = readFileSync(file)
    bytes[bytes.length >> 1]! ^= 1
    writeFileSync(file, bytes)
    await expect(ArcfaceRecogniser.open({ modelFolder: folder })).rejects.toMatchObject({
      code: 'FACE_MODEL_ALTERED',
    })
    await expect(startFaceEngine({ modelFolder: folder })).rejects.toMatchObject({
      code: 'FACE_MODEL_ALTERED',
    })
  })
})

describe('the self-test', () => {
  test('passes on the weights as they are, on one thread and on two', async () => {
    for (const threads of [1, 2]) {
      const models = await Promise.all(
        (['blazeface', 'facemesh', 'fr_feature', 'fr_liveness'] as const).map((name) =>
          loadModel(folder, name, threads),
        ),
      )
      await expect(runSelfTest(models)).resolves.toBeUndefined()
    }
  })

  test('fails on a network whose answers are not the golden ones', async () => {
    const { session } = await loadModel(folder, 'facemesh', 1)
    const impostor = { identity: { name: 'blazeface', sha256: '' }, session }
    await expect(runSelfTest([impostor])).rejects.toMatchObject({ code: 'FACE_SELF_TEST' })
  })

  test('fails on a network that nobody recorded answers for', async () => {
    const { session } = await loadModel(folder, 'fr_feature', 1)
    const unknown = { identity: { name: 'unknown', sha256: '' }, session }
    await expect(runSelfTest([unknown])).rejects.toMatchObject({ code: 'FACE_SELF_TEST' })
  })
})

test('an embedding of zeros, NaN or infinity is a fault and no score', () => {
  for (const value of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => normalised(new Float32Array(512).fill(value))).toThrow(
      expect.objectContaining({ code: 'FACE_NOT_FINITE' }),
    )
  }
})

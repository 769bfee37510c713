import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { ProtobufWriter } from '../../build/models/protobuf.ts'
import { modelSources } from '../../build/models/sources.ts'
import { readTarball } from '../../build/models/tarball.ts'
import type { TfjsModel } from '../../build/models/tfjs-model.ts'
import { convertTfjs } from '../../build/models/tfjs-to-onnx.ts'
import lock from '../../src/face/models.lock.json' with { type: 'json' }
import { MODEL_FOLDER } from '../../src/face/models.ts'

describe('models.lock.json', () => {
  test('names the bytes that lie in the folder, with licence and provenance', () => {
    for (const { file, bytes, sha256, licence, provenance } of lock.models) {
      const content = readFileSync(join(MODEL_FOLDER, file))
      expect(content.length).toBe(bytes)
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
      expect(licence).not.toBe('')
      expect(provenance).not.toBe('')
    }
  })

  test('lists exactly the sources that the build knows', () => {
    expect(lock.models.map(({ name }) => name)).toEqual(modelSources.map(({ name }) => name))
  })
})

test('protobuf fields are the bytes of the encoding guide', () => {
  const nested = new ProtobufWriter().integer(1, 150)
  const message = new ProtobufWriter().integer(1, 150).text(2, 'testing').message(3, nested)
  expect(Buffer.from(message.finish()).toString('hex')).toBe('089601' + '120774657374696e67' + '1a03089601')
  expect(Buffer.from(new ProtobufWriter().integer(1, -2).finish()).toString('hex')).toBe(
    '08feffffffffffffffff01',
  )
  expect(Buffer.from(new ProtobufWriter().float(2, 1).finish()).toString('hex')).toBe('150000803f')
})

test('files are found in an archive, and a missing one is an error', () => {
  const archive = gzipSync(Buffer.concat([tarEntry('package/a', 'first'), tarEntry('package/b', 'second')]))
  const files = readTarball(archive, ['package/b'])
  expect([...files.keys()]).toEqual(['package/b'])
  expect(Buffer.from(files.get('package/b')!).toString()).toBe('second')
  expect(() => readTarball(archive, ['package/c'])).toThrow('package/c')
})

function tarEntry(name: string, content: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write(content.length.toString(8).padStart(11, '0'), 124)
  const body = Buffer.alloc(512)
  body.write(content)
  return Buffer.concat([header, body])
}

describe('a TensorFlow.js network', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const strides = { list: { i: ['1', '2', '2', '1'] } }
  const attributes = {
    strides,
    padding: { s: base64('SAME') },
    fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu')] } },
  }
  /** 4 × 4 picture → 2 × 2 convolution with stride 2, two filters, bias, ReLU → four rows of two. */
  const model: TfjsModel = {
    modelTopology: {
      node: [
        { name: 'x', op: 'Placeholder' },
        { name: 'w', op: 'Const' },
        { name: 'b', op: 'Const' },
        { name: 'shape', op: 'Const' },
        { name: 'c', op: '_FusedConv2D', input: ['x', 'w', 'b'], attr: attributes },
        { name: 'r', op: 'Reshape', input: ['c', 'shape'] },
        { name: 'out', op: 'Identity', input: ['r'] },
      ],
    },
    weightsManifest: [
      {
        weights: [
          { name: 'w', shape: [2, 2, 3, 2], dtype: 'float32', quantization: { dtype: 'float16' } },
          { name: 'b', shape: [2], dtype: 'float32' },
          { name: 'shape', shape: [3], dtype: 'int32' },
        ],
      },
    ],
  }
  /** float16 1.0 for the first filter, −2.0 for the second, alternating; bias 0.5 and 100; shape [1, 4, 2]. */
  const binary = Buffer.concat([
    Buffer.from(Uint16Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 0x3c00 : 0xc000)).buffer),
    Buffer.from(Float32Array.of(0.5, 100).buffer),
    Buffer.from(Int32Array.of(1, 4, 2).buffer),
  ])
  const conversion = { name: 'small', inputSize: 4, outputs: { out: 'answer' } }

  test('computes the same as ONNX', async () => {
    const session = await InferenceSession.create(convertTfjs(model, binary, conversion))
    const planes = Float32Array.from({ length: 48 }, (_, i) => i % 16)
    const { answer } = await session.run({ input: new Tensor('float32', planes, [1, 3, 4, 4]) })
    // Each 2 × 2 block of 0 … 15 summed over three equal planes.
    const sums = [0 + 1 + 4 + 5, 2 + 3 + 6 + 7, 8 + 9 + 12 + 13, 10 + 11 + 14 + 15].map((sum) => 3 * sum)
    expect(answer!.dims).toEqual([1, 4, 2])
    expect(Array.from(answer!.data as Float32Array)).toEqual(
      sums.flatMap((sum) => [sum + 0.5, Math.max(0, 100 - 2 * sum)]),
    )
  })

  test('converts to the same bytes every time', () => {
    expect(convertTfjs(model, binary, conversion)).toEqual(convertTfjs(model, binary, conversion))
  })

  test('with an operator that isn’t known, or weights that end early, converts to nothing', () => {
    const [input, ...rest] = model.modelTopology.node
    const strange = {
      ...model,
      modelTopology: { node: [{ ...input!, op: 'Mystery' }, ...rest] },
    }
    expect(() => convertTfjs(strange, binary, conversion)).toThrow('Mystery')
    expect(() => convertTfjs(model, binary.subarray(0, 50), conversion)).toThrow()
  })
})

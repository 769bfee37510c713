import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { OnnxGraph, type ValueName } from '../../build/models/onnx-graph.ts'

/** A network of one input, drawn by `draw`, as an ONNX file. */
export function network(
  shape: readonly number[],
  draw: (graph: OnnxGraph, input: ValueName) => ValueName,
): Uint8Array {
  const graph = new OnnxGraph('test')
  graph.output('embedding', draw(graph, graph.input('picture', shape)))
  return graph.serialize()
}

/** Its embedding is its input, so that a test can read every number that arrived. */
export function echo(shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1)
  return network(shape, (graph, input) => graph.node('Reshape', [input, graph.integers([1, count])]))
}

/** A manifest for an `echo` of 32 × 32 pictures; `change` overrides whole fields, undefined leaves one out. */
export function manifestFor(
  weights: Uint8Array,
  change: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    format: 'shidao-face-model-1',
    name: 'tiny',
    file: 'tiny.onnx',
    sha256: createHash('sha256').update(weights).digest('hex'),
    input: { width: 32, height: 32, layout: 'nchw', order: 'rgb', mean: 0, scale: 1 },
    output: { dimensions: 3 * 32 * 32 },
    template: 'arcface',
    metric: 'cosine',
    thresholds: { accept: 0.5, reject: 0.3, fmr: 0.001, population: 'nobody: a test' },
    licence: { name: 'none needed', source: 'test', provenance: 'not trained' },
    ...change,
  }
}

/** A folder with weights and manifest, removed after the test. */
export function modelFolder(weights: Uint8Array, manifest: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-model-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'tiny.onnx'), weights)
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  return folder
}

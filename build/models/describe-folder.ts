import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { FaceEmbedder } from '../../src/face/embed.ts'
import { goldenOf, readManifest } from '../../src/face/model-folder.ts'
import { formatOf } from '../../src/face/model-manifest.ts'

/*
 * node build/models/describe-folder.ts DIR      helps to write a model folder's manifest (docs/face-models.md)
 *
 * Prints the weights' sha256, the inputs and outputs of the network, and the `golden` of what the manifest declares.
 * Take the golden over once `shidao face bench` has shown that the declaration is right: it pins what is there.
 */

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('wanted: the folder of a model')
const manifest = await readManifest(folder)
const bytes = readFileSync(join(folder, manifest.file))
console.log('sha256', createHash('sha256').update(bytes).digest('hex'))
const session = await InferenceSession.create(bytes)
console.log('inputs', JSON.stringify(session.inputMetadata))
console.log('outputs', JSON.stringify(session.outputMetadata))
const embedder = new FaceEmbedder(session, formatOf(manifest), manifest.output.name)
console.log('golden', await goldenOf(embedder))

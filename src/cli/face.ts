import { readFile } from 'node:fs/promises'
import { Fault } from '../common/fault.ts'
import { cameraFrames } from '../demo/camera.ts'
import { demoFaces } from '../demo/faces.ts'
import { ArcfaceRecogniser } from '../face/arcface-recogniser.ts'
import { type PortraitCondition, scorePairs } from '../face/bench.ts'
import { readGenuinePairs, readImageList } from '../face/bench-files.ts'
import { comparePictures } from '../face/compare-pictures.ts'
import { DEFAULT_ENGINE, openRecogniser } from '../face/open-recogniser.ts'
import { measureRates } from '../face/rates.ts'
import { asKioskFrame, measureSpeed, type Timing } from '../face/speed.ts'
import { EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'

export const usage = `shidao face compare A B [--engine NAME] [--json]     two pictures, the second being the portrait: same person?
shidao face bench --genuine CSV --images LIST --root DIR [--portrait orig|id75|id1k] [--engine NAME] [--json]
shidao face speed [--image FILE] [-n N] [--json]     every stage, beside @vladmandic/face-api on the same picture`

export async function run(words: readonly string[]): Promise<number> {
  const [action, ...rest] = words
  if (action === 'compare') return await compare(rest)
  if (action === 'bench') return await bench(rest)
  if (action === 'speed') return await speed(rest)
  throw new Fault('USAGE_COMMAND', 'shidao face compare …, face bench … or face speed …')
}

async function compare(words: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(words, {
    engine: { type: 'string', default: DEFAULT_ENGINE },
    json: { type: 'boolean', default: false },
  })
  const [a, b, ...more] = positionals
  if (a === undefined || b === undefined || more.length > 0) {
    throw new Fault('USAGE_FILES', 'face compare takes two pictures')
  }
  const [picture, portrait] = [await readPicture(a), await readPicture(b)]
  const recogniser = await openRecogniser(values.engine)
  try {
    const start = performance.now()
    const { score, verdict, faces } = await comparePictures(recogniser, picture, portrait)
    const ms = round(performance.now() - start)
    const { engine, model, thresholds } = recogniser
    const answer = { score, threshold: thresholds.accept, verdict, engine, model, faces, ms }
    const compared = score === null ? '' : `, score ${score.toFixed(3)}, threshold ${thresholds.accept}`
    const issues = faces.flatMap((face, i) =>
      face?.quality.issue == null ? [] : [`picture ${i + 1}: ${face.quality.issue}`],
    )
    printAnswer(values.json, answer, [`${verdict}${compared}`, ...issues])
    if (verdict === 'match') return EXIT.yes
    process.stderr.write(`${negativeAnswers[verdict]}\n`)
    return EXIT.no
  } finally {
    await recogniser.close()
  }
}

async function bench(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    genuine: { type: 'string' },
    images: { type: 'string' },
    root: { type: 'string' },
    portrait: { type: 'string', default: 'orig' },
    engine: { type: 'string', default: DEFAULT_ENGINE },
    json: { type: 'boolean', default: false },
  })
  const { genuine, images, root } = values
  if (genuine === undefined || images === undefined || root === undefined) {
    throw new Fault('USAGE_BENCH', 'face bench needs --genuine CSV, --images LIST and --root DIR')
  }
  const input = {
    genuine: readGenuinePairs(genuine),
    images: readImageList(images),
    root,
    portrait: portraitCondition(values.portrait),
  }
  const recogniser = await openRecogniser(values.engine)
  const portraitist = await ArcfaceRecogniser.open()
  const scores = await scorePairs(recogniser, portraitist, input, (done, of) => {
    if (done % 250 === 0 || done === of) process.stderr.write(`${done}/${of} pictures\n`)
  })
  const rates = measureRates(scores)
  const n = { genuine: scores.genuine.scores.length, impostor: scores.impostor.scores.length }
  const ms = timing(scores.ms)
  const answer = { engine: recogniser.engine, ...rates, failures: scores.failures, n, ms }
  const lines = Object.entries(rates.tar).map(([level, tar]) =>
    tar === null ? `TAR @ FAR ${level}  too few pairs` : `TAR @ FAR ${level}  ${(100 * tar).toFixed(2)} %`,
  )
  printAnswer(values.json, answer, [`EER  ${(100 * rates.eer).toFixed(2)} %`, ...lines])
  await Promise.all([recogniser.close(), portraitist.close()])
  return EXIT.yes
}

async function speed(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    image: { type: 'string' },
    n: { type: 'string', short: 'n', default: '40' },
    json: { type: 'boolean', default: false },
  })
  const runs = positiveInteger(values.n, '-n')
  const encoded = values.image === undefined ? await demoFrame() : await readPicture(values.image)
  const threads = 1
  const recogniser = await ArcfaceRecogniser.open({ threads })
  const report = await measureSpeed(recogniser, await asKioskFrame(encoded), runs)
  if (report === null) throw new Fault('FACE_NONE', 'the picture has no face that every engine finds')
  const { chain, faceApi, ratio } = report
  const stages = Object.fromEntries(Object.entries(report.stages).map(([name, ms]) => [name, timing(ms)]))
  const answer = {
    chain: timing(chain),
    withLiveness: null,
    faceApi: { tiny: timing(faceApi.tiny), ssd: timing(faceApi.ssd), backend: faceApi.backend },
    ratio: { tiny: round(ratio.tiny), ssd: round(ratio.ssd) },
    stages,
    threads,
  }
  const line = (name: string, { p50, p95 }: Timing) =>
    `${name.padEnd(16)} ${p50.toFixed(1).padStart(7)} ms  p95 ${p95.toFixed(1)}`
  printAnswer(values.json, answer, [
    ...Object.entries(stages).map(([name, ms]) => line(name, ms)),
    line('chain', chain),
    `${line('face-api tiny', faceApi.tiny)}  ${round(ratio.tiny)} × slower (${faceApi.backend})`,
    `${line('face-api ssd', faceApi.ssd)}  ${round(ratio.ssd)} × slower (${faceApi.backend})`,
  ])
  await recogniser.close()
  return EXIT.yes
}

/** The bytes of a picture file, or `FACE_FILE` for a folder, a missing or an unreadable file. */
async function readPicture(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new Fault('FACE_FILE', `${path} can't be read as a picture file`, { cause })
  }
}

async function demoFrame(): Promise<Uint8Array> {
  for await (const frame of cameraFrames(demoFaces[0]!, { count: 1, seed: 1 })) return frame
  throw new Fault('FACE_NONE', 'the simulated camera gave no frame')
}

function portraitCondition(word: string): PortraitCondition {
  if (word === 'orig' || word === 'id75' || word === 'id1k') return word
  throw new Fault('USAGE_PORTRAIT', '--portrait is orig, id75 or id1k')
}

function timing({ p50, p95 }: Timing): Timing {
  return { p50: round(p50), p95: round(p95) }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** What stderr says of an answer that is no match. */
const negativeAnswers = {
  nonmatch: 'FACE_NONMATCH the faces are of different people, or the pictures are too poor to tell',
  'no-face': 'FACE_NONE no face was found in one of the pictures',
  'low-quality': 'FACE_LOW_QUALITY a face was found that cannot be compared',
} as const

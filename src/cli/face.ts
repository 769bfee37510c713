import { readFile } from 'node:fs/promises'
import { Fault } from '../common/fault.ts'
import { cameraFrames } from '../demo/camera.ts'
import { demoFaces } from '../demo/faces.ts'
import { ArcfaceRecogniser } from '../face/arcface-recogniser.ts'
import { type PortraitCondition, scorePairs } from '../face/bench.ts'
import { readGenuinePairs, readImageList } from '../face/bench-files.ts'
import { comparePictures } from '../face/compare-pictures.ts'
import { LivenessNetwork } from '../face/liveness/passive.ts'
import { DEFAULT_ENGINE, openRecogniser, openToMeasure } from '../face/open-recogniser.ts'
import { measureRates } from '../face/rates.ts'
import { asKioskFrame, measureSpeed, measureStages, type StageReport, type Timing } from '../face/speed.ts'
import { EXIT, positiveInteger, printAnswer, readOptions, readWords } from './command.ts'
import { chooseFaceEngine, enginesUsage, listEngines } from './face-engines.ts'
import { judgeLiveness, livenessUsage } from './face-liveness.ts'
import { recompute, recomputeUsage } from './face-recompute.ts'
import { redteam, redteamUsage } from './face-redteam.ts'

export const usage = `shidao face compare A B [--engine NAME|DIR] [--json]     two pictures, the second being the portrait: same person?
shidao face bench --genuine CSV --images LIST --root DIR [--portrait orig|id75|id1k] [--engine NAME|DIR] [--json]
shidao face speed [--image FILE] [-n N] [--threads 1|2] [--json]     every stage, beside @vladmandic/face-api on the same picture
${livenessUsage}
${redteamUsage}
${recomputeUsage}
${enginesUsage}`

export async function run(words: readonly string[]): Promise<number> {
  const [action, ...rest] = words
  if (action === 'compare') return await compare(rest)
  if (action === 'bench') return await bench(rest)
  if (action === 'speed') return await speed(rest)
  if (action === 'liveness') return await judgeLiveness(rest)
  if (action === 'redteam') return await redteam(rest)
  if (action === 'recompute') return await recompute(rest)
  if (action === 'engines') return await listEngines(rest)
  if (action === 'choose') return await chooseFaceEngine(rest)
  throw new Fault(
    'USAGE_COMMAND',
    'shidao face compare, bench, speed, liveness, redteam, recompute, engines or choose',
  )
}

async function compare(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
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
  const recogniser = await openToMeasure(values.engine)
  const portraitist = await ArcfaceRecogniser.open()
  const scores = await scorePairs(recogniser, portraitist, input, (done, of) => {
    // For whoever watches; a failed command's stderr is one line.
    if (process.stderr.isTTY && (done % 250 === 0 || done === of))
      process.stderr.write(`${done}/${of} pictures\n`)
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
    threads: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const runs = positiveInteger(values.n, '-n')
  const threads = values.threads === undefined ? 1 : positiveInteger(values.threads, '--threads')
  if (threads > 2) throw new Fault('USAGE_THREADS', '--threads is 1 or 2')
  const encoded = values.image === undefined ? await demoFrame() : await readPicture(values.image)
  const frame = await asKioskFrame(encoded)
  const report = await withRecogniser(threads, (recogniser, network) =>
    measureSpeed(recogniser, network, frame, runs),
  )
  const twoThreads =
    values.threads === undefined
      ? await withRecogniser(2, (recogniser, network) => measureStages(recogniser, network, frame, runs))
      : null
  if (report === null) throw new Fault('FACE_NONE', 'the picture has no face that every engine finds')
  const { faceApi, ratio } = report
  const answer = {
    ...stageTimings(report),
    faceApi: { tiny: timing(faceApi.tiny), ssd: timing(faceApi.ssd), backend: faceApi.backend },
    ratio: { tiny: round(ratio.tiny), ssd: round(ratio.ssd) },
    threads,
    twoThreads: twoThreads === null ? null : stageTimings(twoThreads),
  }
  printAnswer(values.json, answer, [
    `${threads} thread${threads === 1 ? '' : 's'}, ms`,
    ...stageLines(report),
    `${timingLine('face-api tiny', faceApi.tiny)}  ${round(ratio.tiny)} × the chain (${faceApi.backend}, one thread)`,
    `${timingLine('face-api ssd', faceApi.ssd)}  ${round(ratio.ssd)} × the chain (${faceApi.backend}, one thread)`,
    ...(twoThreads === null ? [] : ['', '2 threads, ms', ...stageLines(twoThreads)]),
  ])
  return EXIT.yes
}

async function withRecogniser<Value>(
  threads: number,
  measure: (recogniser: ArcfaceRecogniser, network: LivenessNetwork) => Promise<Value>,
): Promise<Value> {
  const recogniser = await ArcfaceRecogniser.open({ threads })
  const network = await LivenessNetwork.open({ threads })
  try {
    return await measure(recogniser, network)
  } finally {
    await Promise.all([recogniser.close(), network.close()])
  }
}

function stageTimings({ chain, trackedChain, withLiveness, stages }: StageReport) {
  const rounded = Object.entries(stages).map(([name, value]) => [name, timing(value)])
  return {
    chain: timing(chain),
    trackedChain: timing(trackedChain),
    withLiveness: timing(withLiveness),
    stages: Object.fromEntries(rounded) as StageReport['stages'],
  }
}

function stageLines({ chain, trackedChain, withLiveness, stages }: StageReport): string[] {
  return [
    ...Object.entries(stages).map(([name, value]) => timingLine(name, value)),
    timingLine('chain', chain),
    timingLine('tracked chain', trackedChain),
    timingLine('with liveness', withLiveness),
  ]
}

function timingLine(name: string, { p50, p95 }: Timing): string {
  return `${name.padEnd(16)} ${p50.toFixed(1).padStart(7)}  p95 ${p95.toFixed(1)}`
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

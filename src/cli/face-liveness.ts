import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { asFault, Fault } from '../common/fault.ts'
import { ArcfaceRecogniser } from '../face/arcface-recogniser.ts'
import { LIVENESS_CALIBRATION } from '../face/liveness/calibration.ts'
import {
  type FileLiveness,
  judgeFrames,
  judgePicture,
  type LivenessJudges,
} from '../face/liveness/judge-file.ts'
import { LivenessNetwork } from '../face/liveness/passive.ts'
import { readVideo, VIDEO_EXTENSIONS } from '../face/liveness/video/read-video.ts'
import { EXIT, printAnswer, readWords } from './command.ts'

export const livenessUsage =
  'shidao face liveness FILE|DIR|VIDEO [--json]     a person or a picture of one? .y4m and .mjpeg as they are, other videos by ffmpeg'

const PICTURE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp']

/** Exit code 0: bona fide, or a folder was gone through; 1: anything else. */
export async function judgeLiveness(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    json: { type: 'boolean', default: false },
  })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) {
    throw new Fault('USAGE_FILES', 'face liveness takes a picture, a video or a folder of them')
  }
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (cause) => {
      throw new Fault('FACE_FILE', `${path} can't be read`, { cause })
    },
  )
  const files = isFolder ? await filesOf(path) : [path]
  const [recogniser, network] = await Promise.all([ArcfaceRecogniser.open(), LivenessNetwork.open()])
  try {
    const judges = { recogniser, network }
    if (isFolder) return await judgeFolder(judges, path, files, values.json)
    const judged = await judge(judges, path)
    printAnswer(values.json, judged, linesOf(judged))
    return judged.verdict === 'bonaFide' ? EXIT.yes : EXIT.no
  } finally {
    await Promise.all([recogniser.close(), network.close()])
  }
}

async function judgeFolder(
  judges: LivenessJudges,
  folder: string,
  files: readonly string[],
  json: boolean,
): Promise<number> {
  const answers: object[] = []
  const lines: string[] = []
  for (const path of files) {
    const file = relative(folder, path)
    try {
      const judged = await judge(judges, path)
      answers.push({ file, ...judged })
      lines.push(`${file}: ${linesOf(judged)[0]}`)
    } catch (thrown) {
      // One damaged file must not hide the verdicts on the others.
      const { code, message } = asFault(thrown)
      answers.push({ file, error: { code, message } })
      lines.push(`${file}: ${code} ${message}`)
    }
  }
  printAnswer(json, answers, lines)
  return EXIT.yes
}

async function judge(judges: LivenessJudges, path: string) {
  const start = performance.now()
  const judged = await judgeFile(judges, path)
  return answerOf(judged, performance.now() - start)
}

/** A picture or a video by its file's name. Throws what `readVideo` and `judgePicture` do, and `FACE_FILE`. */
export async function judgeFile(judges: LivenessJudges, path: string): Promise<FileLiveness> {
  return VIDEO_EXTENSIONS.includes(extname(path).toLowerCase())
    ? await judgeFrames(judges, readVideo(path))
    : await judgePicture(judges, await readBytes(path))
}

function answerOf({ verdict, score, layers, frames }: FileLiveness, ms: number) {
  return {
    verdict,
    score,
    threshold: LIVENESS_CALIBRATION.fused.bonaFide,
    layers: Object.fromEntries(
      layers.map(({ layer, verdict, score, detail }) => [layer, { verdict, score, detail }]),
    ),
    frames,
    ms: Math.round(ms * 100) / 100,
  }
}

function linesOf({ verdict, score, threshold, frames, layers }: ReturnType<typeof answerOf>): string[] {
  const scored = score === null ? '' : `, score ${score.toFixed(3)}, threshold ${threshold}`
  const limit = frames === 1 ? ' (a single picture: only the passive layer can judge it)' : ''
  const each = Object.entries(layers).map(([name, { verdict, score, detail }]) => {
    const why = 'why' in detail ? `, ${detail.why}` : ''
    return `  ${name.padEnd(8)} ${verdict}${score === null ? '' : ` ${score.toFixed(3)}`}${why}`
  })
  return [`${verdict}${scored}${limit}`, ...each]
}

/** Pictures and videos below a folder, in the order of their names. `FACE_FILE` when there is none. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const wanted = new Set([...PICTURE_EXTENSIONS, ...VIDEO_EXTENSIONS])
  const files = entries
    .filter((entry) => entry.isFile() && wanted.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  if (files.length === 0) throw new Fault('FACE_FILE', `${folder} holds no picture and no video`)
  return files
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new Fault('FACE_FILE', `${path} can't be read as a picture file`, { cause })
  }
}

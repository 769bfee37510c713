import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import {
  type FileLiveness,
  judgeFrames,
  judgePicture,
  type LivenessJudges,
} from '../../src/face/liveness/judge-file.ts'
import { LivenessNetwork } from '../../src/face/liveness/passive.ts'
import { readVideo } from '../../src/face/liveness/video/read-video.ts'

/** A real file, what it is, and what the product says of it. */
export interface DevelopmentFile {
  readonly file: string
  readonly kind: 'live' | 'print' | 'replay' | 'press'
  readonly isVideo: boolean
  readonly half: 'chosen-on' | 'reported-on'
  readonly judged: FileLiveness
}

/**
 * Judges every file of a folder with `live`, `print` and `replay` in it, and every tenth picture of a list of press
 * photographs (bona fide, but no camera of a kiosk). Files of a kind go to the two halves in turn. Null without the folder.
 */
export async function judgeDevelopmentSet(
  spoofFolder: string,
  press: { readonly list: string; readonly images: string },
): Promise<DevelopmentFile[] | null> {
  if (!existsSync(spoofFolder)) return null
  const recogniser = await ArcfaceRecogniser.open()
  const network = await LivenessNetwork.open()
  const judges = { recogniser, network }
  try {
    const files: DevelopmentFile[] = []
    for (const kind of ['live', 'print', 'replay'] as const) {
      const names = readdirSync(join(spoofFolder, kind)).sort()
      for (const [i, name] of names.entries()) {
        files.push(await judgeOne(judges, join(spoofFolder, kind, name), kind, i))
      }
    }
    if (existsSync(press.list)) {
      const names = readFileSync(press.list, 'utf8').split('\n').filter(Boolean)
      for (const [i, name] of names.filter((_, index) => index % 10 === 0).entries()) {
        files.push(await judgeOne(judges, join(press.images, name), 'press', i))
      }
    }
    return files
  } finally {
    await Promise.all([recogniser.close(), network.close()])
  }
}

async function judgeOne(
  judges: LivenessJudges,
  path: string,
  kind: DevelopmentFile['kind'],
  index: number,
): Promise<DevelopmentFile> {
  const isVideo = path.endsWith('.mp4')
  const judged = isVideo
    ? await judgeFrames(judges, readVideo(path))
    : await judgePicture(judges, readFileSync(path))
  return {
    file: path.split(/[\\/]/).slice(-2).join('/'),
    kind,
    isVideo,
    half: index % 2 === 0 ? 'chosen-on' : 'reported-on',
    judged,
  }
}

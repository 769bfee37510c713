import type { FileLiveness } from '../../../../src/face/liveness/judge-file.ts'
import {
  type Presentation,
  presentationOf,
  type RedteamLog,
} from '../../../../src/face/liveness/redteam/log.ts'

let films = 0

/** A presentation of a film that nobody made. */
export function presentation(
  presented: Presentation['presented'],
  verdict: FileLiveness['verdict'],
  more: Partial<Presentation> = {},
): Presentation {
  films += 1
  const sha256 = films.toString(16).padStart(64, '0')
  const score = verdict === 'bonaFide' ? 0.8 : verdict === 'unsure' ? 0.2 : 0.02
  const judged = { verdict, score: verdict === 'no-face' ? null : score, layers: [], frames: 50 }
  const said = { presented, device: 'A', person: 'P', sha256, judgedAt: 1_772_409_600_000 }
  return { ...presentationOf(said, judged), ...more }
}

/** A log with these presentations, judged by made-up weights. */
export function redteamLogOf(presentations: readonly Presentation[]): RedteamLog {
  return {
    format: 'shidao-redteam-1',
    begun: 1_772_409_600_000,
    judgedBy: {
      software: 'shidao test',
      engine: 'arcface',
      models: [{ name: 'facemesh', sha256: '1'.repeat(64) }],
      liveness: { name: 'fr_liveness', sha256: '2'.repeat(64) },
      calibration: { sha256: '3'.repeat(64), bonaFide: 0.35, attack: 0.1 },
    },
    setting: { operator: 'op', camera: null, distance: null, light: null },
    planned: { bonaFide: 2, each: 3, instruments: ['print', 'phone'] },
    presentations: [...presentations],
  }
}

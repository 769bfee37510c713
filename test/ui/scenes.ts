import { createHash } from 'node:crypto'
import { duplicateNoticeText, noticeText, noticeTextWithFramesAndCardFacts } from '../../src/common/notice.ts'
import type { Snapshot } from '../../src/station/protocol.ts'

/** One state of the station and the name of its picture. */
export interface Scene {
  readonly name: string
  readonly show: Partial<Snapshot>
}

/** 2026-03-16 08:02 in China: what the clock of every picture says. */
export const SCENE_TIME = Date.parse('2026-03-16T08:02:00+08:00')

const person = { name: '扎**', number: '632**************1' }

const staff = (digit: string, name: string, role: string) => ({ actor: digit.repeat(32), name, role })

function versionOf(text: Readonly<Record<'zh-CN', string>>): string {
  return createHash('sha256').update(text['zh-CN']).digest('hex')
}

/** What every scene starts from, so that nothing of the scene before is left. Nobody here exists. */
export const BASE: Partial<Snapshot> = {
  screen: 'idle',
  simulated: true,
  direction: 'in',
  session: {
    title: '养老护理员（初级）第 3 次课',
    id: '0'.repeat(32),
    start: Date.parse('2026-03-16T08:30:00+08:00'),
    end: Date.parse('2026-03-16T11:45:00+08:00'),
  },
  counts: { expected: 42, present: 17, doubtful: 0 },
  upload: { waiting: 0, online: true, configured: true },
  reader: 'ok',
  readerChangedAt: null,
  scanner: { health: 'ok', code: null },
  camera: 'ok',
  cameraDetail: null,
  person: null,
  hint: null,
  prompt: null,
  light: null,
  verdict: null,
  message: null,
  messageValues: {},
  actors: [],
  noticeVersion: versionOf(noticeText),
  until: null,
}

const cameraDetail = { label: 'Webcam (046d:0825)', reason: 'usb-driver', key: '0123456789abcdef' }

export const ACTORS = [
  staff('a', '模拟督导甲', 'supervisor'),
  staff('b', '模拟操作员乙', 'operator'),
  staff('c', '模拟教师丙', 'teacher'),
]

export const SCENES: readonly Scene[] = [
  { name: 'starting', show: { screen: 'starting', reader: 'missing', session: null } },
  { name: 'idle', show: {} },
  { name: 'idle-sign-out', show: { direction: 'out', counts: { expected: 42, present: 40, doubtful: 2 } } },
  { name: 'idle-offline', show: { upload: { waiting: 128, online: false, configured: true } } },
  { name: 'idle-no-class', show: { session: null, counts: { expected: 0, present: 0, doubtful: 0 } } },
  { name: 'idle-no-reader', show: { reader: 'missing', camera: 'missing' } },
  { name: 'idle-no-scanner', show: { scanner: { health: 'missing', code: 'PORT_NOT_FOUND' } } },
  { name: 'idle-scanner-busy', show: { scanner: { health: 'fault', code: 'PORT_BUSY' } } },
  {
    name: 'idle-scanner-denied',
    show: {
      scanner: { health: 'fault', code: 'PORT_DENIED' },
      counts: { expected: 42, present: 40, doubtful: 2 },
    },
  },
  { name: 'idle-reader-changed', show: { readerChangedAt: SCENE_TIME - 15 * 60_000 } },
  { name: 'idle-camera-simulated', show: { camera: 'simulated', cameraDetail } },
  { name: 'idle-camera-unknown', show: { camera: 'unknown', cameraDetail } },
  { name: 'idle-camera-changed', show: { camera: 'changed', cameraDetail } },
  { name: 'idle-camera-virtual', show: { camera: 'virtual', cameraDetail } },
  { name: 'reading', show: { screen: 'reading', person } },
  { name: 'reading-code', show: { screen: 'reading', message: 'code-checking' } },
  { name: 'consent', show: { screen: 'consent', person, until: SCENE_TIME + 60_000 } },
  {
    name: 'consent-longest',
    show: { screen: 'consent', person, noticeVersion: versionOf(noticeTextWithFramesAndCardFacts) },
  },
  {
    name: 'consent-duplicates',
    show: { screen: 'consent', person, noticeVersion: versionOf(duplicateNoticeText) },
  },
  { name: 'consent-other-notice', show: { screen: 'consent', person, noticeVersion: 'f'.repeat(64) } },
  { name: 'looking-hold-still', show: { screen: 'looking', person, hint: null, until: SCENE_TIME + 8000 } },
  { name: 'looking-no-face', show: { screen: 'looking', person, hint: 'no-face' } },
  { name: 'looking-too-small', show: { screen: 'looking', person, hint: 'too-small' } },
  { name: 'looking-restarting', show: { screen: 'looking', person, hint: 'restarting' } },
  { name: 'looking-covered', show: { screen: 'looking', person, hint: 'covered' } },
  { name: 'looking-too-bright', show: { screen: 'looking', person, hint: 'too-bright' } },
  ...(['turn-left', 'turn-right', 'look-up', 'look-down', 'open-mouth', 'come-closer'] as const).map(
    (kind) => ({
      name: `prompt-${kind}`,
      show: { screen: 'prompt' as const, person, prompt: { kind, step: 1, of: 2 }, until: SCENE_TIME + 8000 },
    }),
  ),
  {
    name: 'light',
    show: {
      screen: 'light',
      person,
      light: [{ colour: '#6e96ff', from: SCENE_TIME - 1000, until: SCENE_TIME + 60_000 }],
    },
  },
  { name: 'enrol', show: { screen: 'enrol', person, actors: ACTORS, until: SCENE_TIME + 60_000 } },
  { name: 'witness', show: { screen: 'witness', person, actors: ACTORS, message: 'consent-refused' } },
  {
    name: 'verdict-verified',
    show: { screen: 'verdict', verdict: 'verified', person, until: SCENE_TIME + 3000 },
  },
  {
    name: 'verdict-verified-out',
    show: { screen: 'verdict', verdict: 'verified', direction: 'out', person },
  },
  {
    name: 'verdict-doubtful',
    show: { screen: 'verdict', verdict: 'doubtful', person, message: 'face-unsure' },
  },
  {
    name: 'verdict-liveness-attack',
    show: { screen: 'verdict', verdict: 'doubtful', person, message: 'liveness-attack' },
  },
  {
    name: 'verdict-liveness-unsure',
    show: { screen: 'verdict', verdict: 'doubtful', person, message: 'liveness-unsure' },
  },
  { name: 'witness-prompt', show: { screen: 'witness', person, actors: ACTORS, message: 'prompt-declined' } },
  {
    name: 'verdict-witnessed',
    show: { screen: 'verdict', verdict: 'witnessed', person, message: 'consent-refused' },
  },
  {
    name: 'verdict-already',
    show: {
      screen: 'verdict',
      verdict: 'already',
      person,
      message: 'already-signed',
      messageValues: { time: '07:58' },
    },
  },
  {
    name: 'verdict-refused-roster',
    show: { screen: 'verdict', verdict: 'refused', person, message: 'not-on-roster' },
  },
  {
    name: 'verdict-refused-face',
    show: { screen: 'verdict', verdict: 'refused', person, message: 'face-mismatch' },
  },
  {
    name: 'verdict-refused-code',
    show: { screen: 'verdict', verdict: 'refused', message: 'code-unknown' },
  },
  {
    name: 'verdict-refused-electronic-card',
    show: { screen: 'verdict', verdict: 'refused', message: 'code-not-verified' },
  },
  {
    name: 'witness-code',
    show: { screen: 'witness', person, actors: ACTORS, message: 'code-no-portrait' },
  },
  { name: 'take-card', show: { screen: 'take-card', person } },
  { name: 'error-card', show: { screen: 'error', message: 'CARD_CHECKSUM' } },
  { name: 'error-reader', show: { screen: 'error', message: 'PORT_LOST', reader: 'fault' } },
  { name: 'error-reader-denied', show: { screen: 'error', message: 'PORT_DENIED', reader: 'fault' } },
  { name: 'error-record', show: { screen: 'error', message: 'LEDGER_READ_ONLY' } },
]

export const SIZES = [
  { name: 'portrait', width: 1080, height: 1920 },
  { name: 'landscape', width: 1920, height: 1080 },
  { name: 'small', width: 1024, height: 768 },
] as const

/** An inspector's tablet, held upright. */
export const TABLET = { name: 'tablet', width: 800, height: 1280 } as const

import type { Presented } from '../face/liveness/redteam/instruments.ts'

/* What the operator of a red-team test is told, in Chinese and English: the same as docs/redteam.md, in short. */

interface Guidance {
  readonly name: string
  /** What to have ready. */
  readonly prepare: readonly string[]
  /** How and when to hold it up while the camera films. */
  readonly present: readonly string[]
  /** What to write down of it. */
  readonly device: string
}

export const GUIDANCE: Readonly<Record<Presented, Guidance>> = {
  'bona-fide': {
    name: '真人 bona fide',
    prepare: [
      '请不同的人来，每人都已同意，各用一个代号（不写姓名）。',
      'Different people, who agreed; each has a mark of their own, not a name.',
    ],
    present: [
      '人站好后开始拍 5 秒：看镜头，像平时签到一样，不必刻意不动。',
      'Film 5 seconds once they stand there: they look at the camera as at a sign-in, and need not freeze.',
    ],
    device: '眼镜、头发、光线等特殊情况 anything special (spectacles, hair, light)',
  },
  print: {
    name: '打印照片 print',
    prepare: [
      '彩色打印一张正面照，脸至少 12 厘米高，普通纸和相纸各一种。',
      'Print a frontal photograph in colour, the face at least 12 cm high; plain paper, and photo paper.',
    ],
    present: [
      '先举好照片，挡住后面的人，再拍 5 秒；一半平举，一半慢慢左右转、弯一弯。',
      'Hold it up so that it hides whoever holds it, then film 5 seconds: half still, half turned and bent slowly.',
    ],
    device: '打印机、纸张、清晰度 printer, paper, dpi',
  },
  phone: {
    name: '手机 phone',
    prepare: [
      '用手机放真人的视频（一半用照片），亮度最高，关掉自动亮度和护眼。',
      'Play a film of the person on the phone (half: a photograph), full brightness, no auto-brightness, no night tint.',
    ],
    present: [
      '画面先放起来，脸占满屏幕，离镜头 20–30 厘米，再拍 5 秒；一半竖拿，一半横拿。',
      'Start it, the face fills the screen, 20–30 cm from the camera, then film 5 seconds: half upright, half lying.',
    ],
    device: '手机型号、亮度 model, brightness',
  },
  tablet: {
    name: '平板 tablet',
    prepare: [
      '用平板放真人的视频（一半用照片），亮度最高。',
      'Play a film of the person on the tablet (half: a photograph), full brightness.',
    ],
    present: [
      '离镜头 30–50 厘米，边框尽量不入镜，再拍 5 秒；一半手拿，一半支住不动。',
      '30–50 cm from the camera, its frame out of the picture, then film 5 seconds: half in the hand, half propped.',
    ],
    device: '平板型号、亮度 model, brightness',
  },
  monitor: {
    name: '显示器 monitor',
    prepare: [
      '显示器全屏放真人的视频，亮度最高。',
      'Play a film of the person on a monitor, full screen, full brightness.',
    ],
    present: [
      '对着显示器拍 5 秒，画面占满镜头，镜头放稳。',
      'Film it for 5 seconds so that it fills the picture; the camera stands.',
    ],
    device: '显示器型号、分辨率 model, resolution',
  },
  'paper-mask': {
    name: '纸面具 paper mask',
    prepare: [
      '把打印的脸沿轮廓剪下，剪出两个眼孔，戴在别人脸上。',
      'Cut a printed face out along its outline, with holes for the eyes, worn by somebody else.',
    ],
    present: [
      '戴好后拍 5 秒：一半不动，一半慢慢转头。',
      'Film 5 seconds once it is worn: half still, half turning the head slowly.',
    ],
    device: '打印机、纸张、固定方式 printer, paper, how it is fixed',
  },
}

export const QUESTIONS = {
  operator: '操作员代号（不写姓名） your mark, not your name',
  camera: '摄像头型号 camera model',
  distance: '离镜头多远 distance to the camera',
  light: '光线（窗、灯） light (window, lamps)',
  person: '画面里的人，代号 whose face, a mark (not a name)',
  file: '拍好的文件（直接回车：跳过这一种；q：先停下） the film’s file (Enter alone: on to the next kind; q: stop for now)',
  instrument: '这是什么 what is this',
} as const

export const NOTES = {
  opening: [
    '只判断文件，不拒绝任何人。画面不进记录，只记数字和校验值。',
    'Only files are judged, nobody is refused. No picture goes into the log, only figures and hashes.',
  ],
  limits:
    'A file shows what films show: prompts, coloured light, the camera’s identity and frames of earlier visits are not tried. ' +
    'Presentations of one person or device are not independent; the truth may lie outside the intervals.',
} as const

import { createInterface } from 'node:readline/promises'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { cameraFrames } from '../demo/camera.ts'
import { demoFaces } from '../demo/faces.ts'
import { describeEngine, type EngineOverview } from '../face/engine-overview.ts'
import { decodeImage } from '../face/image.ts'
import { DEFAULT_ENGINE, engineNames, openRecogniser } from '../face/open-recogniser.ts'
import type { RgbImage } from '../face/recogniser.ts'
import { systemClock } from '../station/clock.ts'
import { openStation } from '../station/data-folder.ts'
import { chooseEngine } from '../station/engine-choice.ts'
import { writeSettings } from '../station/settings.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'
import { secret } from './staff.ts'

export const enginesUsage = `shidao face engines [--json]     what each engine was measured at, its speed here, backend and licence
shidao face choose --engine NAME|DIR --by ACTOR [--data DIR] [--json]     shows the same, asks, records the signed choice`

/** Shows every engine that the product brings, so that a site can choose with open eyes. */
export async function listEngines(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, { json: { type: 'boolean', default: false } })
  const image = await simulatedFrame()
  const engines: EngineOverview[] = []
  for (const name of engineNames) engines.push(await overviewOf(name, image))
  printAnswer(
    values.json,
    { default: DEFAULT_ENGINE, engines },
    engines.flatMap((overview) => [...describe(overview), '']),
  )
  return EXIT.yes
}

/**
 * Shows one engine, asks, and records a supervisor's signed choice and the setting. The PIN is the confirmation:
 * scripts set SHIDAO_PIN. Takes effect when the station starts again; portraits are kept as pictures, so templates
 * are made anew from them.
 */
export async function chooseFaceEngine(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    engine: { type: 'string' },
    by: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { engine, by } = values
  if (engine === undefined || by === undefined) {
    throw new Fault('USAGE_ENGINE', 'face choose takes --engine and --by ACTOR')
  }
  if (process.env.SHIDAO_PIN === undefined && !process.stdin.isTTY) {
    throw new Fault('USAGE_PIN', 'set SHIDAO_PIN or run this at a terminal')
  }
  const dir = values.data ?? defaultDataFolder()
  const data = openStation(dir, { clock: systemClock() })
  try {
    const overview = await overviewOf(engine, await simulatedFrame())
    for (const line of describe(overview)) process.stderr.write(`${line}\n`)
    if (!(await isConfirmed(overview.engine))) throw new Fault('STATION_NOT_CONFIRMED', 'nothing was chosen')
    const pin = await secret('SHIDAO_PIN', 'PIN of the supervisor: ')
    const index = unwrap(chooseEngine(data, new Staff(data), overview, { actor: by, pin }))
    writeSettings(dir, { engine })
    printAnswer(values.json, { index, ...overview }, [`${overview.engine} chosen, record ${index}`])
    return EXIT.yes
  } finally {
    data.close()
  }
}

async function overviewOf(engine: string, image: RgbImage): Promise<EngineOverview> {
  const recogniser = await openRecogniser(engine)
  try {
    return await describeEngine(recogniser, image)
  } finally {
    await recogniser.close()
  }
}

/** 640 × 480 with a face, as from a kiosk's camera. */
async function simulatedFrame(): Promise<RgbImage> {
  for await (const frame of cameraFrames(demoFaces[0]!, { count: 1, seed: 1 })) {
    return unwrap(await decodeImage(frame)).image
  }
  throw new Fault('FACE_NONE', 'the simulated camera gave no frame')
}

function describe({ engine, model, thresholds, measured, ms, backend, licence }: EngineOverview): string[] {
  const { accept, reject, fmr, population } = thresholds
  const rates =
    measured === null
      ? [`not measured here; its makers say: false match rate ${percent(fmr)} on ${population}`]
      : [
          `impostors taken for the person  ${share(measured.fmr)}`,
          `the right person verified       ${share(measured.tar)}`,
          `left to staff (doubtful)        ${percent(measured.doubtful.genuine)} of the right people, ${percent(measured.doubtful.impostor)} of others`,
          `measured on                     ${population}; one frame, card portraits of 1 KB`,
        ]
  return [
    `${engine}${engine === DEFAULT_ENGINE ? ' (default)' : ''}: ${model.name} ${model.sha256}`,
    ...[
      ...rates,
      `accept from ${accept}, reject below ${reject}`,
      `one frame here  ${ms.p50.toFixed(1)} ms, p95 ${ms.p95.toFixed(1)} (${backend})`,
      `licence of the weights  ${licence.name} (${licence.source})`,
      `where they come from    ${licence.provenance}`,
    ].map((line) => `  ${line}`),
  ]
}

/** At a terminal yes or no; a script that sets the PIN has answered. */
async function isConfirmed(engine: string): Promise<boolean> {
  if (process.env.SHIDAO_PIN !== undefined) return true
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await terminal.question(`choose ${engine}? [y/N] `)).trim().toLowerCase() === 'y'
  } finally {
    terminal.close()
  }
}

function share({
  rate,
  interval95: [low, high],
}: {
  rate: number
  interval95: readonly [number, number]
}): string {
  return `${percent(rate)} (95 %: ${percent(low)} to ${percent(high)})`
}

function percent(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`
}

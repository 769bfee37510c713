import { Fault } from '../common/fault.ts'
import { type ArcfaceOptions, ArcfaceRecogniser } from './arcface-recogniser.ts'
import type { ModelIdentity, Recogniser } from './recogniser.ts'

/** A recogniser with what its start-up found out. */
export type OpenedRecogniser = Recogniser & {
  readonly models: readonly ModelIdentity[]
  readonly selfTestMs: number
}

const engines: Readonly<Record<string, (options: ArcfaceOptions) => Promise<OpenedRecogniser>>> = {
  arcface: (options) => ArcfaceRecogniser.open(options),
}

export const DEFAULT_ENGINE = 'arcface'

/** Opens an engine by its name, weights checked and self-tested. `USAGE_ENGINE` when there is none of that name. */
export async function openRecogniser(
  engine: string,
  options: ArcfaceOptions = {},
): Promise<OpenedRecogniser> {
  return assertEngine(engine)(options)
}

/** How that engine is opened; `USAGE_ENGINE` when there is none of that name. */
export function assertEngine(engine: string): (options: ArcfaceOptions) => Promise<OpenedRecogniser> {
  const open = engines[engine]
  if (open !== undefined) return open
  throw new Fault('USAGE_ENGINE', `no engine "${engine}"; there is ${Object.keys(engines).join(', ')}`)
}

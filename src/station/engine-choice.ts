import { ok, type Result } from '../common/result.ts'
import type { EngineInfo } from '../face/engine.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StationData } from './data-folder.ts'
import type { Signer, Staff } from './staff.ts'

/** An engine as it is when it is chosen. */
export type ChosenEngine = Pick<EngineInfo, 'engine' | 'model' | 'thresholds' | 'licence'>

/**
 * Records that a supervisor chose an engine, signed over its weights, thresholds and licence. The setting is the caller's.
 * Gives the record's index. Faults: those of `Staff.sign`.
 */
export function chooseEngine(
  data: StationData,
  staff: Staff,
  chosen: ChosenEngine,
  by: Signer,
): Result<number> {
  const { engine, model, thresholds } = chosen
  const { accept, reject, fmr, population } = thresholds
  const choice = { engine, model, accept, reject, fmr, population, licence: chosen.licence.name }
  const act = staff.sign({ act: 'engine.choose', ...choice }, [by], 'supervisor')
  if (!act.ok) return act
  const { index } = data.ledger.append({ type: 'engine.chosen', data: { ...choice, act: act.value } })
  return ok(index)
}

/** The newest choice if it is of this engine, these weights and these thresholds, else null. */
export function choiceBehind(ledger: Ledger, { engine, model, thresholds }: ChosenEngine): number | null {
  let newest: number | null = null
  for (const { event } of ledger.chosen({ of: ['engine.chosen'] })) {
    if (event.type !== 'engine.chosen') continue
    const { data } = event
    const isThis =
      data.engine === engine &&
      data.model.sha256 === model.sha256 &&
      data.accept === thresholds.accept &&
      data.reject === thresholds.reject
    newest = isThis ? event.index : null
  }
  return newest
}

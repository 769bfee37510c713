import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import {
  decodeHuadaAnswer,
  encodeHuadaRequest,
  HUADA_COMMAND,
  HUADA_MAIN_SLOT,
  HUADA_POWER_ON_MODE,
  HUADA_REPORT_BYTES,
  HUADA_SLOT_EMPTY,
  type HuadaAnswer,
  type HuadaAnswerKind,
  huadaAnswerReports,
} from '../codec/hid/huada.ts'
import type { ApduChannel } from './apdu-channel.ts'
import { SLOT_TIMEOUT_MS, slotChannel } from './hid-apdu.ts'
import type { HidPort } from './hid-port.ts'

/**
 * The main slot of a HuaDa reader (H2). Besides the usual faults `CARD_TRUNCATED` for an answer that is none.
 * A device that never gives up its feature report ends in `CARD_TIMEOUT`, and so does everything asked after that.
 */
export function huadaSlot(port: HidPort, timeoutMs: number = SLOT_TIMEOUT_MS): ApduChannel {
  const ask = async (
    command: number,
    parameters: readonly number[],
    kind: HuadaAnswerKind = 'usual',
  ): Promise<Result<HuadaAnswer>> => {
    const request = encodeHuadaRequest(command, Uint8Array.from(parameters))
    const exchange = port.exchangeFeatures(request, (fetched) => nextReport(fetched, kind))
    const reports = await inTime(exchange, port.path, timeoutMs)
    if (!reports.ok) return reports
    const answer = decodeHuadaAnswer(reports.value, kind)
    return answer === null
      ? failed(new Fault('CARD_TRUNCATED', `${port.path} gave an answer that is none`))
      : ok(answer)
  }

  const said = async (answering: Promise<Result<HuadaAnswer>>): Promise<Result<Uint8Array | null>> => {
    const answer = await answering
    return answer.ok ? ok(answer.value.status === 0 ? answer.value.data : null) : answer
  }
  return slotChannel(port, {
    powerOn: () => said(ask(HUADA_COMMAND.powerOn, [HUADA_MAIN_SLOT, HUADA_POWER_ON_MODE], 'power-on')),
    transmit: (apdu) => said(ask(HUADA_COMMAND.apdu, [HUADA_MAIN_SLOT, 0x00, ...apdu])),
    powerOff: () => ask(HUADA_COMMAND.powerOff, []),
    cardPresent: async () => {
      const answer = await ask(HUADA_COMMAND.slotStatus, [])
      return answer.ok && answer.value.status !== HUADA_SLOT_EMPTY
    },
  })
}

function nextReport(fetched: readonly Uint8Array[], kind: HuadaAnswerKind): number | null {
  const first = fetched[0]
  const wanted = first === undefined ? 1 : (huadaAnswerReports(first, kind) ?? 1)
  return fetched.length < wanted ? HUADA_REPORT_BYTES : null
}

async function inTime<T>(work: Promise<Result<T>>, path: string, timeoutMs: number): Promise<Result<T>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Result<T>>((resolve) => {
    const silent = failed(new Fault('CARD_TIMEOUT', `${path} gave no answer`))
    timer = setTimeout(() => resolve(silent), timeoutMs)
  })
  const result = await Promise.race([work, late])
  clearTimeout(timer)
  return result
}

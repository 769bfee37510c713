import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import {
  decodeGwiAnswer,
  encodeGwiRequest,
  GWI_APDU,
  GWI_POWER_OFF,
  GWI_POWER_ON,
  type GwiAnswer,
  type GwiFrame,
  GwiParser,
} from '../codec/hid/gwi.ts'
import type { ApduChannel } from './apdu-channel.ts'
import { isAtr, SLOT_TIMEOUT_MS, slotChannel } from './hid-apdu.ts'
import { HidDialogue } from './hid-dialogue.ts'
import type { HidPort } from './hid-port.ts'

/** The main slot of a GWI-IC20 reader (H3). Besides the usual faults `CARD_CHECKSUM` for a frame that came damaged. */
export function gwiSlot(port: HidPort, timeoutMs: number = SLOT_TIMEOUT_MS): ApduChannel {
  const parser = new GwiParser()
  const dialogue = new HidDialogue<GwiAnswer>(port, {
    push: (report) => parser.push(report).map(answerIn),
    reset: () => parser.reset(),
  })
  const ask = async (
    data: Uint8Array,
    accepts: (answer: GwiAnswer) => boolean = () => true,
  ): Promise<Result<Uint8Array | null>> => {
    const answer = await dialogue.ask(encodeGwiRequest(data), accepts, timeoutMs)
    return answer.ok ? ok(answer.value.status === 0 ? answer.value.payload : null) : answer
  }
  return slotChannel(port, {
    powerOn: (doubtful) =>
      ask(GWI_POWER_ON, ({ status, payload }) => !doubtful || status !== 0 || isAtr(payload)),
    transmit: (apdu) => ask(Uint8Array.of(...GWI_APDU, ...apdu)),
    powerOff: () => ask(GWI_POWER_OFF),
  })
}

function answerIn(frame: GwiFrame): Result<GwiAnswer> {
  const answer = frame.kind === 'frame' ? decodeGwiAnswer(frame.data) : null
  return answer === null ? failed(new Fault('CARD_CHECKSUM', "the reader's answer is damaged")) : ok(answer)
}

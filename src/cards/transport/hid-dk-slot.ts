import { ok, type Result } from '../../common/result.ts'
import { DK_COMMAND, type DkMessage, DkParser, encodeDkRequest } from '../codec/hid/dk.ts'
import type { ApduChannel } from './apdu-channel.ts'
import { SLOT_TIMEOUT_MS, slotChannel } from './hid-apdu.ts'
import { HidDialogue } from './hid-dialogue.ts'
import type { HidPort } from './hid-port.ts'

/** The ISO 7816 slot of a DK reader (H1: commands 90, 91, 92). Its SAM may stand on the same port. */
export function dkSlot(port: HidPort, timeoutMs: number = SLOT_TIMEOUT_MS): ApduChannel {
  const parser = new DkParser('answer')
  const dialogue = new HidDialogue<DkMessage>(port, {
    push: (report) => {
      const answer = parser.push(report)
      return answer === null ? [] : [ok(answer)]
    },
    reset: () => parser.reset(),
  })
  const ask = async (
    command: number,
    data: Uint8Array = new Uint8Array(),
  ): Promise<Result<Uint8Array | null>> => {
    const request = encodeDkRequest(command, data)
    const answer = await dialogue.ask(request, (message) => message.command === command, timeoutMs)
    return answer.ok ? ok(answer.value.succeeded ? answer.value.data : null) : answer
  }
  return slotChannel(port, {
    powerOn: () => ask(DK_COMMAND.slotReset),
    transmit: (apdu) => ask(DK_COMMAND.slotApdu, apdu),
    powerOff: () => ask(DK_COMMAND.slotPowerOff),
  })
}

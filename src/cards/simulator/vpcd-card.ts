import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { ChipCard } from './chip-card.ts'

/** The port of vpcd's first slot; the second listens on the next one. */
export const VPCD_PORT = 35_963

/** A card that a real pcscd sees in its slot "Virtual PCD". */
export interface InsertedCard {
  remove(): Promise<void>
}

export interface VpcdOptions {
  readonly host?: string
  readonly port?: number
  /** What a card waits for before it answers a command. */
  readonly beforeAnswer?: () => Promise<void>
}

/**
 * Puts a card into a slot of vsmartcard's vpcd, the reader driver in software that pcscd loads. Rejects if nothing
 * listens there.
 *
 * Protocol (github.com frankmorgner/vsmartcard:virtualsmartcard/src/vpcd/vpcd.h): each message is its length in two
 * bytes, big-endian, and that many bytes. One byte is a control: 0 power off, 1 power on, 2 reset, 4 ATR; only the
 * last has an answer. Anything longer is an APDU.
 */
export async function insertIntoVpcd(
  card: ChipCard,
  { host = '127.0.0.1', port = VPCD_PORT, beforeAnswer = atOnce }: VpcdOptions = {},
): Promise<InsertedCard> {
  const socket = connect({ host, port, noDelay: true })
  await once(socket, 'connect')
  let pending = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const message = pending.subarray(2, 2 + pending.readUInt16BE(0))
      pending = pending.subarray(2 + message.length)
      obey(message, card, socket, beforeAnswer)
    }
  })
  // pcscd ended: the card is out of its slot, and there is nobody to tell.
  socket.on('error', () => socket.destroy())
  return {
    async remove() {
      if (socket.closed) return
      socket.destroy()
      await once(socket, 'close')
    },
  }
}

const POWER_OFF = 0
const POWER_ON = 1
const RESET = 2
const GET_ATR = 4

const atOnce = async (): Promise<void> => {}

function obey(message: Uint8Array, card: ChipCard, socket: Socket, beforeAnswer: () => Promise<void>): void {
  if (message.length === 1) {
    if (message[0] === POWER_ON || message[0] === RESET) card.reset()
    else if (message[0] === GET_ATR) send(card.atr, socket)
    else if (message[0] === POWER_OFF) card.powerOff?.()
    return
  }
  const answer = card.answer(message)
  if (answer === null) socket.destroy()
  else void beforeAnswer().then(() => send(answer, socket))
}

function send(bytes: Uint8Array, socket: Socket): void {
  if (!socket.destroyed) socket.write(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff, ...bytes))
}

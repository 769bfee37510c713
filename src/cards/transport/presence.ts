import { access } from 'node:fs/promises'
import { Fault } from '../../common/fault.ts'
import type { Transport } from './transport.ts'

/**
 * The same line, ended by `PORT_LOST` when the system has removed its device file. For as long as nobody writes: a
 * tty whose device was unplugged reads as empty, not as an error, and serialport then reads on for ever
 * (serialport/bindings-cpp, lib/unix-read.ts). Windows tells it by itself; there the line is given back as it is.
 */
export function whilePresent(line: Transport): Transport {
  if (!line.path.startsWith('/')) return line
  let onClose: (fault: Fault | null) => void = () => {}
  let isGone = false
  const watch = setInterval(() => {
    access(line.path).catch(() => {
      isGone = true
      void line.close()
    })
  }, PRESENCE_MS)
  line.onClose((fault) => {
    clearInterval(watch)
    onClose(isGone ? new Fault('PORT_LOST', `${line.path} went away`) : fault)
  })
  return {
    path: line.path,
    write: (bytes) => line.write(bytes),
    onData: (listener) => line.onData(listener),
    onClose(listener) {
      onClose = listener
    },
    close: () => line.close(),
  }
}

const PRESENCE_MS = 1_000

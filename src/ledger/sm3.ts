/**
 * SM3 of GB/T 32905-2016, 32 bytes. Written out here because a browser has none, and Electron's crypto library
 * neither; the tests compare it with OpenSSL's.
 */
export function sm3(message: Uint8Array): Uint8Array {
  const state = Uint32Array.of(
    0x7380166f,
    0x4914b2b9,
    0x172442d7,
    0xda8a0600,
    0xa96f30bc,
    0x163138aa,
    0xe38dee4d,
    0xb0fb0e4e,
  )
  const padded = pad(message)
  const words = new Uint32Array(68)
  for (let offset = 0; offset < padded.byteLength; offset += 64) compress(state, padded, offset, words)
  const digest = new DataView(new ArrayBuffer(32))
  for (const [i, word] of state.entries()) digest.setUint32(4 * i, word)
  return new Uint8Array(digest.buffer)
}

/** §5.2: one bit, zeros, and the length in bits as 64 bits, to a multiple of 64 bytes. */
function pad(message: Uint8Array): DataView {
  const padded = new Uint8Array((Math.floor((message.length + 8) / 64) + 1) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n)
  return view
}

/** §5.3.2 and §5.3.3: message expansion and the compression function, one block. */
function compress(state: Uint32Array, block: DataView, offset: number, w: Uint32Array): void {
  for (let j = 0; j < 16; j++) w[j] = block.getUint32(offset + 4 * j)
  for (let j = 16; j < 68; j++) {
    const x = w[j - 16]! ^ w[j - 9]! ^ rotate(w[j - 3]!, 15)
    w[j] = x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13]!, 7) ^ w[j - 6]!
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  for (let j = 0; j < 64; j++) {
    const early = j < 16
    const a12 = rotate(a, 12)
    const ss1 = rotate((a12 + e + rotate(early ? 0x79cc4519 : 0x7a879d8a, j % 32)) | 0, 7)
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g)
    const tt1 = (ff + d + (ss1 ^ a12) + (w[j]! ^ w[j + 4]!)) | 0
    const tt2 = (gg + h + ss1 + w[j]!) | 0
    ;[a, b, c, d] = [tt1, a, rotate(b, 9), c]
    ;[e, f, g, h] = [tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g]
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i]! ^= word
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

import decodeQR from 'qr/decode.js'

/** A picture's pixels: 4 bytes (red, green, blue, opacity) each, row by row from the top. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array | Uint8ClampedArray
}

/**
 * The text of a QR code (ISO/IEC 18004) in a picture; null when none is found. Tries once within `patienceMs`, so that a
 * camera's next frame is not kept waiting. Total.
 */
export function readQr({ width, height, data }: Pixels, patienceMs = 200): string | null {
  try {
    return decodeQR({ width, height, data }, { format: 'RGBA', timeLimit: patienceMs })
  } catch {
    // The decoder throws on a picture without a code.
    return null
  }
}

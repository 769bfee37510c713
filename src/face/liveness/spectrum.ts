/*
 * Power of a square patch over spatial frequency: windowed two-dimensional FFT. Luma goes in as the real part and colour
 * difference as the imaginary one, so that one transform gives both spectra.
 */

/** Side of a patch, pixels: a power of two. */
export const SPECTRUM_SIDE = 128
/** Rows 0 … 64 of a spectrum suffice: the rest mirrors them. */
const ROWS = SPECTRUM_SIDE / 2 + 1

/** Power at bin (row, column), row-major, 65 × 128; column 65 … 127 are the negative frequencies −63 … −1. */
export interface SpectrumPair {
  readonly luma: Float32Array
  readonly colour: Float32Array
}

const SIDE = SPECTRUM_SIDE
const HALF = SIDE / 2
const HANN = Float64Array.from(
  { length: SIDE },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / SIDE),
)
const COS = Float64Array.from({ length: HALF }, (_, i) => Math.cos((2 * Math.PI * i) / SIDE))
const SIN = Float64Array.from({ length: HALF }, (_, i) => Math.sin((2 * Math.PI * i) / SIDE))
const REVERSED = Uint8Array.from({ length: SIDE }, (_, i) => reversedBits(i))

/** Two real patches of 128 × 128, row-major, any unit; both are overwritten. */
export function spectraOf(luma: Float64Array, colour: Float64Array): SpectrumPair {
  windowed(luma)
  windowed(colour)
  for (let row = 0; row < SIDE; row++) transform(luma, colour, row * SIDE, 1)
  for (let column = 0; column < SIDE; column++) transform(luma, colour, column, SIDE)
  return separated(luma, colour)
}

function windowed(patch: Float64Array): void {
  let mean = 0
  for (let i = 0; i < patch.length; i++) mean += patch[i]! / patch.length
  for (let i = 0; i < patch.length; i++) {
    patch[i] = (patch[i]! - mean) * HANN[i >> 7]! * HANN[i & (SIDE - 1)]!
  }
}

/** The spectra of two real signals out of that of the one as real, the other as imaginary part. */
function separated(real: Float64Array, imaginary: Float64Array): SpectrumPair {
  const luma = new Float32Array(ROWS * SIDE)
  const colour = new Float32Array(ROWS * SIDE)
  for (let row = 0; row < ROWS; row++) {
    const mirrored = ((SIDE - row) & (SIDE - 1)) * SIDE
    for (let column = 0; column < SIDE; column++) {
      const i = row * SIDE + column
      const j = mirrored + ((SIDE - column) & (SIDE - 1))
      const [a, b, c, d] = [real[i]!, imaginary[i]!, real[j]!, imaginary[j]!]
      luma[i] = ((a + c) ** 2 + (b - d) ** 2) / 4
      colour[i] = ((b + d) ** 2 + (c - a) ** 2) / 4
    }
  }
  return { luma, colour }
}

/** Cooley-Tukey, radix 2, in place, of 128 complex numbers that lie `step` apart. */
function transform(real: Float64Array, imaginary: Float64Array, start: number, step: number): void {
  for (let i = 0; i < SIDE; i++) {
    const j = REVERSED[i]!
    if (j <= i) continue
    swap(real, start + i * step, start + j * step)
    swap(imaginary, start + i * step, start + j * step)
  }
  for (let half = 1; half < SIDE; half *= 2) {
    const turn = HALF / half
    for (let block = 0; block < SIDE; block += 2 * half) {
      for (let k = 0; k < half; k++) {
        const upper = start + (block + k) * step
        const lower = upper + half * step
        const cos = COS[k * turn]!
        const sin = SIN[k * turn]!
        const x = real[lower]! * cos + imaginary[lower]! * sin
        const y = imaginary[lower]! * cos - real[lower]! * sin
        real[lower] = real[upper]! - x
        imaginary[lower] = imaginary[upper]! - y
        real[upper]! += x
        imaginary[upper]! += y
      }
    }
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const kept = values[i]!
  values[i] = values[j]!
  values[j] = kept
}

function reversedBits(value: number): number {
  let reversed = 0
  for (let bit = 1; bit < SIDE; bit *= 2) reversed = 2 * reversed + ((value & bit) === 0 ? 0 : 1)
  return reversed
}

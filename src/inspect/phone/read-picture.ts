import { readQr } from '../../common/qr-reading.ts'

/** Largest side that a picture is read at, pixels: enough for a code that fills a third of a phone's photograph. */
const MOST_PIXELS = 1600

/** The text of the QR code in a photograph; null when none is found, or it is no picture. */
export async function readCodeOfPhotograph(photograph: Blob): Promise<string | null> {
  const image = await createImageBitmap(photograph).catch(() => null)
  return image === null ? null : readCode(image, image.width, image.height)
}

/** The text of the QR code in what a film shows now; null when none is found. */
export function readCodeOfFilm(film: HTMLVideoElement): string | null {
  return readCode(film, film.videoWidth, film.videoHeight)
}

function readCode(image: CanvasImageSource, width: number, height: number): string | null {
  if (width === 0 || height === 0) return null
  const scale = Math.min(1, MOST_PIXELS / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  context?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const pixels = context?.getImageData(0, 0, canvas.width, canvas.height)
  return pixels === undefined ? null : readQr(pixels, 1_000)
}

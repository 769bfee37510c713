import { useEffect, useRef } from 'react'
import { readQr } from '../../common/qr-reading.ts'
import { useWindow } from '../window-context.ts'

/**
 * The camera's picture, and every code that is held before it, once each. Not mirrored: who holds a phone follows the
 * code, not themselves. Draws nothing without a camera: the scanner and the keyboard remain.
 */
export function CameraCode({ onCode }: { readonly onCode: (text: string) => void }) {
  const { stream } = useWindow()
  const video = useRef<HTMLVideoElement>(null)
  const told = useRef(onCode)
  told.current = onCode
  useEffect(() => {
    const screen = video.current
    if (screen === null || stream === null) return
    screen.srcObject = stream
    return watchCodes(screen, (text) => told.current(text))
  }, [stream])
  if (stream === null) return null
  return <video ref={video} className="visit-camera" autoPlay muted playsInline />
}

/** Reads what the film shows a few times a second; a code that stays is told once. Returns the call that ends it. */
function watchCodes(film: HTMLVideoElement, onCode: (text: string) => void): () => void {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT)
  const drawing = canvas.getContext('2d', { alpha: false, willReadFrequently: true })
  let last: string | null = null
  const look = (): void => {
    if (drawing === null || film.videoWidth === 0) return
    canvas.width = Math.min(WIDTH, film.videoWidth)
    canvas.height = Math.round((film.videoHeight * canvas.width) / film.videoWidth)
    drawing.drawImage(film, 0, 0, canvas.width, canvas.height)
    const text = readQr(drawing.getImageData(0, 0, canvas.width, canvas.height), PATIENCE_MS)
    if (text === null || text === last) return
    last = text
    onCode(text)
  }
  const clock = setInterval(look, INTERVAL_MS)
  return () => clearInterval(clock)
}

/** A phone's screen at arm's length fills enough of this for a code of 250 characters. */
const WIDTH = 1280
const HEIGHT = 720
/** Leaves the window time to draw between two looks. */
const PATIENCE_MS = 60
const INTERVAL_MS = 200

import type { FrameFacts } from '../station/protocol.ts'
import type { KioskChannel } from './channel.ts'

/**
 * Sends the stream's picture as JPEG frames of 640x480, at most 12 a second, as the camera saw it (the mirrored picture
 * is for people only), each with the browser's clock of it. A frame is skipped while the channel still holds earlier ones. Returns the call that stops it;
 * after that call nothing more is sent, not even a frame that was being encoded.
 */
export function sendFrames(stream: MediaStream, channel: KioskChannel): () => void {
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = stream
  void video.play().catch(() => undefined)
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT)
  const drawing = canvas.getContext('2d', { alpha: false })
  const run = ++runs
  let newest: VideoFrameCallbackMetadata | null = null
  let stopped = false
  let encoding = false
  const watch = (): void => {
    video.requestVideoFrameCallback?.((_now, metadata) => {
      newest = metadata
      if (!stopped) watch()
    })
  }
  watch()

  const tick = async (): Promise<void> => {
    const ready = video.readyState >= video.HAVE_CURRENT_DATA && video.videoWidth > 0
    if (drawing === null || !ready || encoding || channel.waitingBytes > MOST_WAITING_BYTES) return
    encoding = true
    try {
      drawCovering(drawing, video)
      const facts = newest && factsOf(newest, run)
      const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
      if (!stopped) channel.frame(jpeg, facts)
    } catch {
      // A frame that couldn't be encoded is one frame less; the station asks for nothing but the next.
    } finally {
      encoding = false
    }
  }
  const clock = setInterval(() => void tick(), INTERVAL_MS)

  return () => {
    stopped = true
    clearInterval(clock)
    video.srcObject = null
  }
}

function factsOf(metadata: VideoFrameCallbackMetadata, run: number): FrameFacts {
  const { captureTime = null, mediaTime, presentedFrames } = metadata
  return { run, sent: performance.now(), captureTime, mediaTime, presentedFrames }
}

/** The middle of the picture, so that a camera of another shape isn't squeezed. */
function drawCovering(drawing: OffscreenCanvasRenderingContext2D, video: HTMLVideoElement): void {
  const scale = Math.max(WIDTH / video.videoWidth, HEIGHT / video.videoHeight)
  const width = video.videoWidth * scale
  const height = video.videoHeight * scale
  drawing.drawImage(video, (WIDTH - width) / 2, (HEIGHT - height) / 2, width, height)
}

/** Openings of a stream since the page was loaded: each counts its frames anew. */
let runs = 0
const WIDTH = 640
const HEIGHT = 480
const QUALITY = 0.9
/** Just under 12 a second. */
const INTERVAL_MS = 84
/** About three frames. */
const MOST_WAITING_BYTES = 256 * 1024

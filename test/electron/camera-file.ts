/** The picture's halves, as the camera file draws them: a reddish left and a bluish right one. */
export const WIDTH = 640
export const HEIGHT = 480

/**
 * A film for Chromium's fake camera (`--use-file-for-fake-video-capture`): a few frames of YUV4MPEG2, 4:2:0, reddish
 * left half and bluish right half, brighter from frame to frame so that a picture that moves can be told from a still.
 */
export function cameraFile(): Buffer {
  const frames = [90, 110, 130, 150].map((brightness) =>
    Buffer.concat([Buffer.from('FRAME\n'), planes(brightness)]),
  )
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F15:1 Ip A1:1 C420\n`), ...frames])
}

function planes(brightness: number): Buffer {
  const luma = Buffer.alloc(WIDTH * HEIGHT, brightness)
  const blueDifference = halves(100, 200)
  const redDifference = halves(200, 100)
  return Buffer.concat([luma, blueDifference, redDifference])
}

function halves(left: number, right: number): Buffer {
  const row = Buffer.alloc(WIDTH / 2, left).fill(right, WIDTH / 4)
  return Buffer.concat(Array.from({ length: HEIGHT / 2 }, () => row))
}

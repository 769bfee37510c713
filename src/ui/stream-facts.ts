import type { StreamFacts } from '../station/protocol.ts'

/** What the browser says of an opened picture, for the record; never throws. */
export async function streamFactsOf(track: MediaStreamTrack): Promise<StreamFacts> {
  const { deviceId, width = 0, height = 0, frameRate = 0 } = track.getSettings()
  return {
    device: deviceId === undefined || deviceId === '' ? null : await hash(deviceId),
    width,
    height,
    frameRate,
    most: mostOf(track),
  }
}

function mostOf(track: MediaStreamTrack): StreamFacts['most'] {
  const { width, height, frameRate } = track.getCapabilities?.() ?? {}
  if (width?.max === undefined || height?.max === undefined || frameRate?.max === undefined) return null
  return { width: width.max, height: height.max, frameRate: frameRate.max }
}

/** The id itself stays here: it would follow this browser's profile around. */
async function hash(id: string): Promise<string | null> {
  try {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(id))
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  } catch {
    return null
  }
}

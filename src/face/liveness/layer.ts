/** The layers that judge whether a living person stands before the camera. */
export type LayerName = 'passive' | 'motion' | 'texture' | 'prompt' | 'light' | 'replay' | 'camera'

export type LivenessVerdict = 'bonaFide' | 'attack' | 'unsure'

/** What one layer says of one visit (terms: ISO/IEC 30107-1). */
export interface LayerReading {
  readonly layer: LayerName
  readonly verdict: LivenessVerdict
  /** 0 attack … 1 bona fide; null when the layer saw nothing that it could judge by, and then it is `unsure`. */
  readonly score: number | null
  /** The figures that the verdict rests on, by name, for the record and for people. */
  readonly detail: Readonly<Record<string, number | string>>
}

/** A layer that has nothing to go by, and why. */
export function nothingSeen(layer: LayerName, why: string): LayerReading {
  return { layer, verdict: 'unsure', score: null, detail: { why } }
}

/** How a door behaves. The site's own choices, none of them set by a regulation; `station.json` overrides them. */
export interface DoorPolicy {
  /** Sign-in opens this long before a session starts; sign-out closes this long after it ends. */
  readonly openBeforeMs: number
  readonly openAfterMs: number
  /** With direction `auto`, from this long before the end a card means sign-out. */
  readonly signOutBeforeEndMs: number
  /** How long a person may stand before the camera until a decision is forced. */
  readonly lookMs: number
  /** How long the look goes on after the face is decided while the liveness layers are unsure. */
  readonly livenessMs: number
  /** How long a person has for one prompt: turn, nod, open mouth. */
  readonly promptMs: number
  /** How long the camera may show nobody before the check ends. */
  readonly nobodyMs: number
  /** How long consent, witness and enrolment screens wait for an answer. */
  readonly answerMs: number
  /** How long a verdict stays on the screen. */
  readonly verdictMs: number
  /** After this many mismatches of one person in one session the next one enters as doubtful instead. */
  readonly mismatchesBeforeDoubtful: number
}

export const defaultDoorPolicy: DoorPolicy = {
  openBeforeMs: 60 * 60_000,
  openAfterMs: 60 * 60_000,
  signOutBeforeEndMs: 20 * 60_000,
  lookMs: 8_000,
  livenessMs: 250,
  promptMs: 8_000,
  nobodyMs: 5_000,
  answerMs: 60_000,
  verdictMs: 2_500,
  mismatchesBeforeDoubtful: 2,
}

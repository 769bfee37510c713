/** Close codes of the channel, in the range that RFC 6455 §7.4.2 leaves to applications. */
export const CHANNEL_CLOSE = {
  /** A newer window took over; this one must not come back by itself. */
  replaced: 4000,
  /** More unanswered commands than a person can cause. */
  flooded: 4001,
} as const

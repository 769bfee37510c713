/**
 * Keeps what a station has in memory (names, portraits, keys) from being written to a disk by a crash, or read by
 * other programs of its account: prctl(2), PR_SET_DUMPABLE 0. Linux only; whether it is so. Root reads it all the same,
 * and memory may still be swapped out.
 */
export async function closeMemory(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  try {
    const { default: koffi } = await import('koffi')
    const prctl = koffi.load(null).func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)')
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) === 0
  } catch {
    // A C library without it, or none that koffi can load: the unit's LimitCORE=0 is left.
    return false
  }
}

const PR_SET_DUMPABLE = 4

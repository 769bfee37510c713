import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { describeIf } from '../support/requires.ts'

const hasCompiler = spawnSync('gcc', ['--version']).status === 0
const absent =
  process.platform !== 'linux' ? 'only Linux has LD_PRELOAD' : hasCompiler ? null : 'gcc is absent'

/** A year and some days ahead, for whoever asks libc: what libfaketime does. */
const SHIM = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
#define AHEAD 34560000
int clock_gettime(clockid_t id, struct timespec *now) {
  int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(id, now);
  now->tv_sec += AHEAD;
  return result;
}
int gettimeofday(struct timeval *now, void *zone) {
  int (*real)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
  int result = real(now, zone);
  now->tv_sec += AHEAD;
  return result;
}
time_t time(time_t *now) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  if (now) *now = at.tv_sec;
  return at.tv_sec;
}
`

describeIf(absent, 'a station whose libc lies about the time', () => {
  const dir = mkdtempSync(join(tmpdir(), 'bent-'))
  afterAll(() => rmSync(dir, { recursive: true }))

  function bentProcess(program: string): Record<string, number> {
    writeFileSync(join(dir, 'shim.c'), SHIM)
    execFileSync('gcc', ['-shared', '-fPIC', '-o', join(dir, 'shim.so'), join(dir, 'shim.c'), '-ldl'])
    const text = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, LD_PRELOAD: join(dir, 'shim.so') },
      encoding: 'utf8',
    })
    return JSON.parse(text) as Record<string, number>
  }

  test('still records the kernel’s time since boot, and says how far its wall clock is bent', () => {
    const clock = new URL('../../src/station/clock.ts', import.meta.url).href
    const watch = new URL('../../src/station/clock-watch.ts', import.meta.url).href
    const before = uptimeMs()
    const said = bentProcess(`
      const { systemClock } = await import(${JSON.stringify(clock)})
      const { ClockWatch } = await import(${JSON.stringify(watch)})
      const clock = systemClock()
      clock.confirm(Date.now())
      const now = clock.now()
      const [event] = new ClockWatch().check(now, clock.deviation())
      const { processMs, kernelMs } = event.data
      console.log(JSON.stringify({ ...now, hrtime: process.hrtime()[0] * 1000, processMs, kernelMs }))
    `)
    const ahead = 34_560_000_000
    expect(said.boottime).toBeGreaterThanOrEqual(before)
    expect(said.boottime).toBeLessThanOrEqual(uptimeMs())
    expect(said.hrtime, 'the shim works: what libc calls monotonic is bent').toBeGreaterThan(ahead)
    expect(said.processMs! - said.kernelMs!).toBeGreaterThan(ahead - 5_000)
    expect(Math.abs(said.kernelMs! - Date.now())).toBeLessThan(60_000)
    expect(said.trust, 'even though a receipt agreed with it').toBe('unconfirmed')
  })
})

function uptimeMs(): number {
  return Math.round(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000)
}

#!/usr/bin/env node
// Plain JavaScript on purpose: an older Node must be able to read this file and say what to do.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 12)) {
  process.stderr.write(
    `SYSTEM_NODE Shidao needs Node 24 (this is ${process.versions.node}): run "npm ci", which brings it, then "npm run -s shidao -- …"\n`,
  )
  process.exitCode = 2
} else {
  const { keepCrashesQuiet } = await import('./quiet-crash.ts')
  keepCrashesQuiet()
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv.slice(2))
}

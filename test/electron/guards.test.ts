import { describe, expect, it } from 'vitest'
import { leavesKiosk } from '../../electron/keys.ts'
import { isMadeHere, isOurs } from '../../electron/origin.ts'
import { mayHave } from '../../electron/permissions.ts'

const PAGE = 'app://kiosk/'

describe('what a page may have', () => {
  it('is the picture of the camera, for our own page', () => {
    expect(mayHave({ permission: 'media', url: PAGE, media: ['video'] })).toBe(true)
  })

  it.each([
    ['the microphone', { permission: 'media', url: PAGE, media: ['audio'] }],
    ['camera and microphone together', { permission: 'media', url: PAGE, media: ['video', 'audio'] }],
    ['media of no kind', { permission: 'media', url: PAGE, media: [] }],
    ['the screen', { permission: 'display-capture', url: PAGE, media: ['video'] }],
    ['a serial port', { permission: 'serial', url: PAGE, media: [] }],
    ['the place', { permission: 'geolocation', url: PAGE, media: [] }],
    ['a permission yet to be invented', { permission: 'tomorrow', url: PAGE, media: ['video'] }],
    ['the camera for another page', { permission: 'media', url: 'https://example.org/', media: ['video'] }],
    ['the camera for a page without an address', { permission: 'media', url: '', media: ['video'] }],
  ])('is not %s', (_what, wish) => {
    expect(mayHave(wish)).toBe(false)
  })
})

describe('our own page', () => {
  it.each(['app://kiosk/', 'app://kiosk/index.html', 'app://kiosk/a/b.js?x#y'])('is %s', (url) => {
    expect(isOurs(url)).toBe(true)
  })
  it.each([
    'app://kiosk.evil/',
    'app://evil/kiosk',
    'http://kiosk/',
    'file:///kiosk',
    'javascript:app://kiosk/',
    '',
    'app:',
  ])('is not %s', (url) => {
    expect(isOurs(url)).toBe(false)
  })
})

describe('a download', () => {
  it('is kept when our own page made the file', () => {
    expect(isMadeHere('blob:app://kiosk/0b1c')).toBe(true)
  })
  it.each([
    'https://example.org/a.xlsx',
    'blob:https://example.org/0b1c',
    'blob:app://kiosk.evil/0b1c',
    'app://kiosk/index.html',
    'data:text/plain,a',
    'file:///etc/passwd',
    '',
  ])('is not, from %s', (url) => {
    expect(isMadeHere(url)).toBe(false)
  })
})

describe('a key', () => {
  const key = (name: string, held: Partial<Record<'control' | 'alt' | 'meta', boolean>> = {}) => ({
    key: name,
    control: false,
    alt: false,
    meta: false,
    ...held,
  })

  it.each([
    key('F5'),
    key('F11'),
    key('F12'),
    key('r', { control: true }),
    key('W', { control: true }),
    key('I', { control: true }),
    key('F4', { alt: true }),
    key('ArrowLeft', { alt: true }),
    key('+', { control: true }),
    key('q', { meta: true }),
    key('BrowserHome'),
    key('LaunchMail'),
  ])('$key that leads out of the window does nothing', (input) => {
    expect(leavesKiosk(input)).toBe(true)
  })

  it.each(['0', '9', 'a', 'F', 'Tab', 'Enter', 'Escape', 'Backspace', 'ArrowLeft'])(
    '%s that people type works',
    (name) => {
      expect(leavesKiosk(key(name))).toBe(false)
    },
  )
})

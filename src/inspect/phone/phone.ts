import { qrSvg } from '../../common/qr.ts'
import { inspectorCode, readVisitCode, signedCode } from '../../common/visit-codes.ts'
import { button, code, fileButton, pinField, rows, words } from './parts.ts'
import {
  createPhoneKey,
  type PhoneKey,
  phoneKeyText,
  readPhoneKey,
  SHORTEST_PIN,
  signWithPhoneKey,
} from './phone-key.ts'
import { readCodeOfFilm, readCodeOfPhotograph } from './read-picture.ts'
import { readStatement, type VisitStatement } from './statement.ts'
import { type Language, texts } from './texts.ts'

/*
 * An inspector's phone: keeps their key under a PIN, reads what a station asks to be signed, says it in words, and shows
 * the signature as a code. One HTML file; nothing leaves it but what its screen shows.
 */

interface Asked {
  readonly text: string
  readonly statement: VisitStatement
}

const KEPT = 'shidao-inspector-key'
const FILM_PAUSE_MS = 150

let language: Language = navigator.language.startsWith('zh') ? 'zh' : 'en'
let key: PhoneKey | null = readPhoneKey(localStorage.getItem(KEPT) ?? '')
let asked: Asked | null = null
let signature: string | null = null
let complaint: string | null = null
let film: MediaStream | null = null

const page = document.getElementById('page')!
document.getElementById('language')!.addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh'
  complaint = null
  show()
})
show()

function show(): void {
  const said = texts[language]
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = said.title
  document.getElementById('title')!.textContent = said.title
  document.getElementById('language')!.textContent = language === 'zh' ? 'English' : '中文'
  const complaints = complaint === null ? [] : [words('bad', complaint)]
  if (globalThis.crypto?.subtle === undefined) page.replaceChildren(words('bad', said.noCrypto))
  else if (key === null) page.replaceChildren(...complaints, ...keyless())
  else if (asked === null) page.replaceChildren(...complaints, ...waiting(key))
  else page.replaceChildren(...complaints, ...(signature === null ? signing(key, asked) : done(key)))
}

function complain(sentence: string | null): void {
  complaint = sentence
  show()
}

function keyless(): HTMLElement[] {
  const said = texts[language]
  const pin = pinField(said.pinNew)
  const make = async (): Promise<void> => {
    const chosen = pin.value()
    if (chosen.length < SHORTEST_PIN) return complain(said.pinShort)
    complain(said.working)
    keep(await createPhoneKey(chosen))
  }
  const load = async (file: File): Promise<void> => {
    const read = readPhoneKey(await file.text())
    if (read === null) complain(said.keyBad)
    else keep(read)
  }
  return [
    words('next', said.keyNone),
    pin.label,
    button('main', said.keyNew, () => void make()),
    fileButton('load', said.keyLoad, { accept: '*/*' }, (file) => void load(file)),
  ]
}

function keep(made: PhoneKey): void {
  localStorage.setItem(KEPT, phoneKeyText(made))
  key = made
  complain(null)
}

function waiting(mine: PhoneKey): HTMLElement[] {
  const said = texts[language]
  const take = (text: string | null): void => {
    const read = text === null ? null : readVisitCode(text)
    const statement = read?.kind === 'ask' ? readStatement(read.statement, mine.publicKey) : null
    if (read?.kind === 'ask' && statement !== null) {
      endFilm()
      asked = { text: read.statement, statement }
      complain(null)
    } else complain(text === null ? said.noCode : said.notOurs)
  }
  return [
    words('next', said.mine),
    code('mine', qrSvg(inspectorCode(mine.publicKey), said.mine)),
    words('small', mine.publicKey),
    fileButton('main', said.photograph, { accept: 'image/*', capture: 'environment' }, (file) => {
      void readCodeOfPhotograph(file).then(take)
    }),
    ...filming(take),
    button('save', said.keySave, () => save(mine)),
    button('forget', said.keyForget, () => {
      if (!confirm(said.keyForgetSure)) return
      localStorage.removeItem(KEPT)
      key = null
      complain(null)
    }),
  ]
}

/** A live camera where the browser has one at this address; a photograph does it everywhere. */
function filming(take: (text: string | null) => void): HTMLElement[] {
  const said = texts[language]
  if (navigator.mediaDevices === undefined) return []
  if (film === null) return [button('film', said.film, () => void beginFilm())]
  const screen = document.createElement('video')
  screen.muted = true
  screen.playsInline = true
  screen.srcObject = film
  void screen.play()
  const look = (): void => {
    if (!screen.isConnected) return
    const text = readCodeOfFilm(screen)
    if (text === null) setTimeout(look, FILM_PAUSE_MS)
    else take(text)
  }
  setTimeout(look, FILM_PAUSE_MS)
  const end = button('film', said.filmEnd, () => {
    endFilm()
    complain(null)
  })
  return [screen, end]
}

async function beginFilm(): Promise<void> {
  try {
    film = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    complain(null)
  } catch {
    complain(texts[language].noCamera)
  }
}

function endFilm(): void {
  for (const track of film?.getTracks() ?? []) track.stop()
  film = null
}

function signing(mine: PhoneKey, { text, statement }: Asked): HTMLElement[] {
  const said = texts[language]
  const pin = pinField(said.pin)
  const sign = async (): Promise<void> => {
    const typed = pin.value()
    complain(said.working)
    const made = await signWithPhoneKey(text, mine, typed)
    if (made === null) return complain(said.pinWrong)
    signature = made
    complain(null)
  }
  return [
    words('act', statement.act === 'visit.open' ? said.open : said.close),
    rows(linesOf(statement)),
    pin.label,
    button('main', said.sign, () => void sign()),
    button('again', said.again, startAgain),
  ]
}

function done(mine: PhoneKey): HTMLElement[] {
  const said = texts[language]
  return [
    words('next', said.signed),
    code('signature', qrSvg(signedCode(mine.publicKey, signature ?? ''), said.signed)),
    button('again', said.again, startAgain),
  ]
}

function startAgain(): void {
  asked = null
  signature = null
  complain(null)
}

function linesOf(statement: VisitStatement): (readonly [string, string])[] {
  const { rows: names, standing, finding, sinceNone, institution } = texts[language]
  const time = new Date(statement.at).toLocaleString(language === 'zh' ? 'zh-CN' : 'en', {
    timeZone: 'Asia/Shanghai',
  })
  const about = [
    [names.station, statement.origin],
    [names.class, statement.class],
    [names.time, time],
  ] as const
  if (statement.act === 'visit.open') {
    const { since } = statement
    return [
      ...about,
      [names.standing, standing[statement.standing]],
      [names.since, since === null ? sinceNone : `${finding[since.finding]} (${since.size})`],
    ]
  }
  return [
    ...about,
    ...(statement.covers === undefined ? [] : [[names.marks, String(statement.covers.events)] as const]),
    [names.institution, statement.institution.signed ? institution.signed : institution.unsigned],
    ...(statement.note === null ? [] : [[names.note, statement.note] as const]),
  ]
}

function save(mine: PhoneKey): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([phoneKeyText(mine)], { type: 'application/octet-stream' }))
  link.download = `${mine.actor}.shidao-inspector`
  link.click()
  URL.revokeObjectURL(link.href)
}

import type { VisitVerification } from './verify-visit-file.ts'

type Told = Pick<VisitVerification, 'inspector' | 'trust' | 'witnesses' | 'closed' | 'since' | 'draws'>
type Basis = Omit<Told, 'trust' | 'witnesses'>

/** What the answer to a visit's file rests on, in sentences, limits included. */
export function visitFileWords({ trust, witnesses, ...told }: Told): string[] {
  const basis = {
    self: 'the file vouches for the station’s key itself; give --key with the one that you know',
    key: 'the station whose key you gave signed it',
    witness: `seen by ${witnesses.join(', ')}, whose keys you gave`,
  }[trust]
  return [basis, ...visitSentences(told, 'en')]
}

/** The same but for whose keys were given, in the languages of the verifier page. */
export function visitSentences(
  { inspector, closed, since, draws }: Basis,
  language: keyof typeof sentences,
): string[] {
  const say = sentences[language]
  return [
    inspectorWords(inspector!, say),
    ...(inspector?.visitKey == null ? [] : [closed === null ? say.marksAlone : say.marksCovered]),
    sinceWords(since, say),
    ...draws.flatMap(({ k, n, commitmentSeen }) => [
      say.draw(k, n),
      ...(commitmentSeen ? [] : [say.drawUnseen]),
    ]),
    closingWords(closed, say),
    say.limit,
  ]
}

interface Sentences {
  readonly unlisted: string
  readonly listed: (list: {
    readonly number: number
    readonly authority: string
    readonly isOn: boolean
    readonly isPast: boolean
    readonly known: boolean
  }) => string
  readonly marksAlone: string
  readonly marksCovered: string
  readonly noSince: string
  readonly since: Readonly<Record<NonNullable<Told['since']>['finding'], (size: number) => string>>
  readonly draw: (k: number, n: number) => string
  readonly drawUnseen: string
  readonly open: string
  readonly signed: (actor: string) => string
  readonly refused: string
  readonly nobodyThere: string
  readonly limit: string
}

const en: Sentences = {
  unlisted: 'the inspector’s key stands on no list that this station had',
  listed: ({ number, authority, isOn, isPast, known }) => {
    const whose = known ? 'whose key you gave' : 'whose key you have to know from elsewhere'
    return `the inspector’s key ${isOn ? 'is on' : 'is not on'} list ${number}${isPast ? ' (past its time)' : ''} of ${authority}, ${whose}`
  },
  marksAlone: 'marks are signed by the visit’s key alone: the inspector’s own key never confirmed them',
  marksCovered:
    'marks are signed by the visit’s key; the inspector’s own key signed the opening and, over all of them, the closing',
  noSince: 'no checkpoint of an earlier visit was brought',
  since: {
    consistent: (size) =>
      `nothing in the first ${size} events was changed since the inspector’s last visit: proved`,
    'rolled-back': (size) =>
      `SET BACK: the inspector had seen ${size} events of this station, and it had fewer`,
    rewritten: (size) => `REWRITTEN: the first ${size} events are not those that the inspector had seen`,
  },
  draw: (k, n) => `draw of ${k} of ${n}: replayed, the same people in the same order`,
  drawUnseen: 'no commitment was named with the nonce: nothing shows which came first',
  open: 'the visit was never closed',
  signed: (actor) => `closed; ${actor} signed for the institution`,
  refused: 'closed; the institution refused to sign',
  nobodyThere: 'closed; nobody was there to sign for the institution',
  limit: 'that the ledger holds no other events about this class, only its bundle of the same root shows',
}

const zh: Sentences = {
  unlisted: '检查员的密钥不在该站持有的任何名单上',
  listed: ({ number, authority, isOn, isPast, known }) => {
    const whose = known ? '您已填入该机关的公钥' : '该机关的公钥须从其他途径得知'
    return `检查员的密钥${isOn ? '在' : '不在'} ${authority} 的第 ${number} 号名单${isPast ? '（已过期）' : ''}上，${whose}`
  },
  marksAlone: '各项记录只由本次检查的临时密钥签名：检查员自己的密钥没有确认过',
  marksCovered: '各项记录由本次检查的临时密钥签名；检查员自己的密钥签了开始，并在结束时对全部记录签名',
  noSince: '没有带来上次检查的检查点',
  since: {
    consistent: (size) => `自检查员上次检查以来，前 ${size} 条记录没有改动：已证明`,
    'rolled-back': (size) => `被退回：检查员见过该站 ${size} 条记录，开始检查时却更少`,
    rewritten: (size) => `被改写：前 ${size} 条不是检查员见过的那些记录`,
  },
  draw: (k, n) => `${n} 人中抽 ${k} 人：重新计算，人和次序都相同`,
  drawUnseen: '给出随机数时没有说明承诺：不能证明承诺在先',
  open: '这次检查没有结束',
  signed: (actor) => `已结束；${actor} 代表机构签字`,
  refused: '已结束；机构拒绝签字',
  nobodyThere: '已结束；机构无人在场签字',
  limit: '台账中没有关于本班的其他记录这一点，只有同一根的证据包才能说明',
}

const sentences = { en, zh } as const

function inspectorWords({ standing, listed }: NonNullable<Told['inspector']>, say: Sentences): string {
  if (listed === null) return say.unlisted
  const { number, authority, known } = listed
  const isPast = standing === 'list-expired' || standing === 'unlisted'
  return say.listed({ number, authority, known, isPast, isOn: standing !== 'unlisted' })
}

function sinceWords(since: Told['since'], say: Sentences): string {
  return since === null ? say.noSince : say.since[since.finding](since.size)
}

function closingWords(closed: Told['closed'], say: Sentences): string {
  if (closed === null) return say.open
  const { institution } = closed
  if (institution.signed) return say.signed(institution.actor)
  return institution.reason === 'refused' ? say.refused : say.nobodyThere
}

import type { CertificateFields } from '../../export/certificate-note.ts'
import type { ProblemCode } from '../problem.ts'

/** Sentences of the page. Every code of a problem has one in each language. */
export interface Texts {
  readonly title: string
  readonly drop: string
  readonly choose: string
  readonly offline: string
  readonly keyLabel: string
  readonly witnessLabel: string
  readonly authorityLabel: string
  readonly good: string
  readonly bad: string
  readonly unreadable: string
  readonly simulated: string
  readonly trust: Readonly<Record<'self' | 'key' | 'witness', string>>
  readonly problems: Readonly<Record<ProblemCode, string>>
  readonly about: Readonly<Record<'event' | 'person' | 'hour', string>>
  readonly bounds: (after: string | null, before: string | null) => string
  readonly tree: (origin: string, size: number) => string
  readonly limit: string
  readonly place: (index: number) => string
  readonly columns: readonly [string, string, string, string]
  readonly badKey: string
  readonly bundle: (classId: string) => string
  readonly bundleLimit: string
  readonly witnessed: (size: number, time: string | null) => string
  readonly signerColumns: readonly [string, string, string]
  readonly signers: Readonly<Record<'station' | 'witness' | 'person', string>>
  readonly receiptsChecked: string
  readonly receiptsUnchecked: string
  readonly shown: (rows: number, events: number) => string
  readonly tooLarge: string
  /** `opened`: the station's clock, ISO. */
  readonly visit: (title: string, classId: string, opened: string | null) => string
  /** People drawn who were seen, not seen, not verified, not looked for; and how many the inspector counted. */
  readonly visitOutcome: (
    counts: readonly [number, number, number, number],
    headcount: number | null,
  ) => string
  readonly paste: string
  readonly certificate: string
  readonly certificateKey: string
  readonly certificateLimit: string
  readonly certificateColumns: readonly [string, string]
  readonly certificateFields: Readonly<Record<keyof CertificateFields, string>>
  readonly duration: (ms: number) => string
}

const zh: Texts = {
  title: '实到 · 证明核验',
  drop: '把证明文件、证据包（zip）或检查文件（.shidao-visit）拖到这里',
  choose: '或选择文件',
  offline: '本页不联网，文件不会离开这台设备。',
  keyLabel: '您所知道的考勤站公钥（可不填）',
  witnessLabel: '您所知道的见证方公钥（可不填）',
  authorityLabel: '您所知道的签发检查员名单的主管部门公钥（只用于检查文件，可不填）',
  good: '属实',
  bad: '不属实',
  unreadable: '无法识别的文件',
  simulated: '模拟：其中没有任何人的真实考勤',
  trust: {
    self: '依据：证明自带的公钥。整份伪造的记录看起来也会一样；请填入您所知道的考勤站公钥。',
    key: '依据：您填入的考勤站公钥。尚未被外部见证的记录，持有该站私钥者仍可能改写。',
    witness: '依据：您填入的见证方公钥，见证方已见过这份记录。',
  },
  problems: {
    manifest: '文件清单与内容不符',
    altered: '记录被改动，不是考勤站签名的那些记录',
    removed: '有记录缺失',
    inserted: '有多出的记录，或次序不对',
    'wrong-key': '签名不是出自应有的密钥，或没有签名',
    forked: '回执属于另一份历史',
    act: '人工操作没有由此前登记的人签名，或签名内容与记录不同',
    unwitnessed: '见证方没有见证这份记录',
    draw: '抽签不是事先承诺的那一次',
    list: '检查员在名单上的身份与所说不同，或名单由别的机关签名',
    history: '记录不是从先前留存的那一份增长而来',
    about: '证明的内容与它自己所说的不同',
    pack: '规则包不是开班时指定的那一个',
    hours: '学时与记录不符',
    contents: '包内文件与记录不符（更正、抽查、信任依据、回执或报告）',
    proof: '包内的证明不成立',
    opened: '审计版与记录的承诺不符',
  },
  about: { event: '一条记录', person: '一个人的记录', hour: '一个人一小时的记录' },
  bounds: (after, before) =>
    `见证方给出的时间范围：不早于 ${after ?? '（未知）'}，不晚于 ${before ?? '（未知）'}。下表的时间是考勤站自己的时钟。`,
  tree: (origin, size) => `出自 ${origin} 的 ${size} 条记录`,
  limit: '本证明只说明这些记录存在，不说明没有别的记录。',
  place: (index) => `第 ${index} 条：`,
  columns: ['序号', '时间', '类型', '内容'],
  badKey: '公钥填写有误',
  bundle: (classId) => `证据包：班级 ${classId}；每条记录、签名、人工操作、规则包和学时都已核验`,
  bundleLimit: '证据包含该站到此为止的全部记录；没有被见证方见过的结尾，持有该站私钥者仍可能改写。',
  witnessed: (size, time) =>
    time === null
      ? '没有填写见证方公钥：回执只核对了它们属于这份记录，没有核对是谁签的。'
      : `您填入的见证方见过前 ${size} 条，时间 ${time}`,
  signerColumns: ['签名者', '次数或指纹', '身份'],
  signers: { station: '考勤站', witness: '回执所称的见证方', person: '人工操作的签字人' },
  receiptsChecked: '（其中您填入的见证方已核对）',
  receiptsUnchecked: '（签名未核对）',
  shown: (rows, events) => `共 ${events} 条，下表列出前 ${rows} 条`,
  tooLarge: '文件超过 64 MiB，本页不打开；请用 shidao verify',
  visit: (title, classId, opened) =>
    `对班级 ${title}（${classId}）的一次检查，考勤站时钟 ${opened ?? '（未知）'} 开始；每个签名、抽签和台账的增长都已核验`,
  visitOutcome: ([seen, notSeen, cannotVerify, left], headcount) =>
    `抽中的人：见到 ${seen}，未见 ${notSeen}，无法核实 ${cannotVerify}，未查 ${left}；现场清点 ${headcount ?? '没有进行'}`,
  paste: '或粘贴学时证明二维码里的文字',
  certificate: '学时证明',
  certificateKey: '学时证明里没有公钥：请先填入您所知道的考勤站公钥',
  certificateLimit: '只说明该站签过这张证明，不说明学时算得对；学时要用同一账本的证据包重新计算。',
  certificateColumns: ['项目', '内容'],
  certificateFields: {
    tree: '账本（条数与根）',
    class: '班级编号',
    title: '班级名称',
    person: '人员编号',
    name: '姓名',
    number: '证件号（遮蔽）',
    days: '培训日期',
    lessons: '学时',
    'credited-ms': '计入时长',
    proven: '分级时长（毫秒）',
    pack: '规则包',
    simulated: '模拟',
  },
  duration: (ms) => `${Math.floor(ms / 3_600_000)} 小时 ${Math.floor(ms / 60_000) % 60} 分`,
}

const en: Texts = {
  title: 'Shidao · proof verifier',
  drop: 'Drag a proof file, an evidence bundle (zip) or a visit’s file (.shidao-visit) here',
  choose: 'or choose a file',
  offline: 'This page uses no network; the file does not leave this device.',
  keyLabel: 'The station’s public key, if you know it',
  witnessLabel: 'A witness’s public key, if you know one',
  authorityLabel: 'The key of the authority that signs lists of inspectors, if you know it (for visits only)',
  good: 'True',
  bad: 'Not true',
  unreadable: 'This file cannot be read',
  simulated: 'Simulated: none of this is anybody’s attendance',
  trust: {
    self: 'Rests on the key in the proof itself. A record forged as a whole would look the same: give the station’s key that you know.',
    key: 'Rests on the station’s key that you gave. What no one outside has seen yet could still be rewritten by the holder of that key.',
    witness: 'Rests on the witness whose key you gave, and who has seen this record.',
  },
  problems: {
    manifest: 'The list of files is not that of the content',
    altered: 'Something was changed: these are not the events that the station signed',
    removed: 'Events are missing',
    inserted: 'There are events too many, or not in their order',
    'wrong-key': 'Not signed by the key that it should be, or not at all',
    forked: 'A receipt is over another history',
    act: 'A manual act was not signed by people who were enrolled before, or says something else',
    unwitnessed: 'The witness has not seen this record',
    draw: 'the draw is not the one that was committed to',
    list: 'the inspector stands otherwise on the list, or another authority signed it',
    history: 'the records did not grow from those that were kept earlier',
    about: 'The proof shows something else than it says',
    pack: 'The rule pack is not the one of the class',
    hours: 'The hours are not those of the events',
    contents:
      'A document in the bundle is not what the events give (corrections, spot checks, anchors, receipts or report)',
    proof: 'A proof in the bundle is false',
    opened: 'The part for auditors is not what the events commit to',
  },
  about: { event: 'One event', person: 'Events of one person', hour: 'One hour of one person' },
  bounds: (after, before) =>
    `By witnesses: not before ${after ?? '(unknown)'}, not after ${before ?? '(unknown)'}. Times in the table are the station’s own clock.`,
  tree: (origin, size) => `Of the ${size} events of ${origin}`,
  limit: 'This proof shows that these events exist. It does not show that there are no others.',
  place: (index) => `Event ${index}: `,
  columns: ['No.', 'Time', 'Kind', 'Content'],
  badKey: 'This is not a public key',
  bundle: (classId) =>
    `Evidence bundle of class ${classId}: every event, signature, manual act, the rule pack and the hours were checked`,
  bundleLimit:
    'A bundle holds all events of its station so far. An end that no witness has seen could still be rewritten by the holder of the station’s key.',
  witnessed: (size, time) =>
    time === null
      ? 'No witness’s key was given: receipts were checked to be over these events, not who signed them.'
      : `The witness whose key you gave has seen the first ${size} events, at ${time}`,
  signerColumns: ['Signed by', 'Times, or fingerprint', 'Who'],
  signers: { station: 'The station', witness: 'A witness, as receipts say', person: 'A person, by hand' },
  receiptsChecked: '(checked for the witness that you gave)',
  receiptsUnchecked: '(signature not checked)',
  shown: (rows, events) => `${events} events, the first ${rows} of them here`,
  visit: (title, classId, opened) =>
    `An inspector’s visit to class ${title} (${classId}), opened ${opened ?? '(unknown)'} by the station’s clock: every signature, the draw and the growth of the ledger were checked`,
  visitOutcome: ([seen, notSeen, cannotVerify, left], headcount) =>
    `Of those drawn: ${seen} seen, ${notSeen} not seen, ${cannotVerify} not verified, ${left} not looked for; counted in the room: ${headcount ?? 'nobody counted'}`,
  tooLarge: 'The file is over 64 MiB, which this page does not open: use shidao verify',
  paste: 'or paste the text in the code of a certificate of hours',
  certificate: 'Certificate of hours',
  certificateKey: 'A certificate holds no key: give the station’s public key that you know first',
  certificateLimit:
    'It shows that the station signed this, not that the hours are right: these are computed again from a bundle of the same ledger.',
  certificateColumns: ['What', 'Said'],
  certificateFields: {
    tree: 'Ledger (events and root)',
    class: 'Class',
    title: 'Title',
    person: 'Person’s id',
    name: 'Name',
    number: 'Number (masked)',
    days: 'Days',
    lessons: 'Class hours',
    'credited-ms': 'Time credited',
    proven: 'By level of proof (ms)',
    pack: 'Rule pack',
    simulated: 'Simulated',
  },
  duration: (ms) => `${Math.floor(ms / 3_600_000)} h ${Math.floor(ms / 60_000) % 60} min`,
}

export const texts = { zh, en } as const
export type Language = keyof typeof texts

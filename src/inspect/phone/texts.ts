import type { VisitStatement } from './statement.ts'

type Opening = Extract<VisitStatement, { readonly act: 'visit.open' }>

/** Sentences of the inspector's page. */
export interface Texts {
  readonly title: string
  readonly keyNone: string
  readonly keyNew: string
  readonly keyLoad: string
  readonly keySave: string
  readonly keyForget: string
  readonly keyForgetSure: string
  readonly keyBad: string
  readonly pinNew: string
  readonly pin: string
  readonly pinShort: string
  readonly pinWrong: string
  readonly mine: string
  readonly photograph: string
  readonly film: string
  readonly filmEnd: string
  readonly noCamera: string
  readonly noCode: string
  readonly notOurs: string
  readonly sign: string
  readonly working: string
  readonly signed: string
  readonly again: string
  readonly noCrypto: string
  readonly open: string
  readonly close: string
  readonly rows: Readonly<
    Record<'station' | 'class' | 'time' | 'standing' | 'since' | 'marks' | 'institution' | 'note', string>
  >
  readonly standing: Readonly<Record<Opening['standing'], string>>
  readonly finding: Readonly<Record<NonNullable<Opening['since']>['finding'], string>>
  readonly sinceNone: string
  readonly institution: Readonly<Record<'signed' | 'unsigned', string>>
}

export type Language = 'zh' | 'en'

export const texts: Readonly<Record<Language, Texts>> = {
  zh: {
    title: '实到 · 检查员签名',
    keyNone: '本机还没有您的检查员密钥。新建一个，或载入已有的密钥文件。',
    keyNew: '新建密钥',
    keyLoad: '载入密钥文件',
    keySave: '另存密钥文件（备份）',
    keyForget: '从本机删除密钥',
    keyForgetSure: '没有备份的密钥删除后无法找回。确定删除吗？',
    keyBad: '这不是检查员密钥文件，或文件已损坏。请换一个文件。',
    pinNew: '设定口令（至少 8 位）',
    pin: '口令',
    pinShort: '口令至少 8 位。请再输入一个长一些的。',
    pinWrong: '口令不对，或密钥已损坏。请重新输入。',
    mine: '第一步：让考勤机扫这个码，它由此知道您的公钥。',
    photograph: '第二步：拍下考勤机屏幕上的码',
    film: '用摄像头直接扫码',
    filmEnd: '停止扫码',
    noCamera: '打不开摄像头。请改用上面的“拍下”按钮。',
    noCode: '照片里没有找到码。请靠近一些，让码占满三分之一，再拍一次。',
    notOurs: '这不是检查的开始或结束，或者不是给您的密钥的。本页不会签它。',
    sign: '签名',
    working: '正在签名…',
    signed: '第三步：让考勤机扫这个码。',
    again: '再签一份',
    noCrypto: '此浏览器在这个地址下不提供加密功能。请用 https 地址打开本页。',
    open: '检查开始',
    close: '检查结束',
    rows: {
      station: '考勤站',
      class: '班级',
      time: '考勤站时间',
      standing: '您的身份',
      since: '自上次检查',
      marks: '本次记录条数',
      institution: '机构',
      note: '备注',
    },
    standing: {
      listed: '在主管部门名单上',
      'list-expired': '在名单上，但名单已过期',
      'no-list': '考勤站没有名单',
      unlisted: '不在名单上，名单已过期',
    },
    finding: {
      consistent: '此前记录未被改动',
      'rolled-back': '记录比您上次看到的少：被退回过',
      rewritten: '您上次看到的记录被改写过',
    },
    sinceNone: '没有带来上次的凭证',
    institution: { signed: '机构人员已签名', unsigned: '机构人员没有签名' },
  },
  en: {
    title: 'Shidao · inspector’s signature',
    keyNone:
      'Your inspector’s key is not on this device yet. Make one, or load the file of one that you have.',
    keyNew: 'Make a key',
    keyLoad: 'Load a key’s file',
    keySave: 'Save the key’s file (a copy)',
    keyForget: 'Delete the key from this device',
    keyForgetSure: 'A key without a copy can’t be brought back. Delete it?',
    keyBad: 'This is not an inspector’s key, or the file is damaged. Choose another one.',
    pinNew: 'Choose a PIN (at least 8 characters)',
    pin: 'PIN',
    pinShort: 'A PIN has at least 8 characters. Choose a longer one.',
    pinWrong: 'The PIN is wrong, or the key is damaged. Enter it again.',
    mine: 'Step 1: let the station read this code. It tells it your public key.',
    photograph: 'Step 2: photograph the code on the station’s screen',
    film: 'Read it with the camera instead',
    filmEnd: 'Stop reading',
    noCamera: 'The camera can’t be opened. Use the button for a photograph.',
    noCode:
      'No code was found in the photograph. Go closer, until the code fills a third of it, and try again.',
    notOurs: 'This is not the opening or the end of a visit, or not for your key. This page won’t sign it.',
    sign: 'Sign',
    working: 'Signing…',
    signed: 'Step 3: let the station read this code.',
    again: 'Sign another one',
    noCrypto: 'This browser offers no cryptography at this address. Open the page by its https address.',
    open: 'A visit begins',
    close: 'A visit ends',
    rows: {
      station: 'Station',
      class: 'Class',
      time: 'Station’s time',
      standing: 'You are',
      since: 'Since your last visit',
      marks: 'Records of this visit',
      institution: 'Institution',
      note: 'Note',
    },
    standing: {
      listed: 'on the authority’s list',
      'list-expired': 'on the list, which has expired',
      'no-list': 'unknown to it: the station has no list',
      unlisted: 'not on the list, which has expired',
    },
    finding: {
      consistent: 'nothing before was rewritten',
      'rolled-back': 'fewer records than you saw: it was set back',
      rewritten: 'the records that you saw were rewritten',
    },
    sinceNone: 'no earlier checkpoint was brought',
    institution: { signed: 'somebody signed for it', unsigned: 'nobody signed for it' },
  },
}

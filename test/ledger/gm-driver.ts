import { opensslSign } from './sm2-openssl.ts'

/*
 * A signing program as docs/signing-drivers.md asks for: the message on stdin, the signature in hex on stdout. Here the
 * key lies in a PEM file of openssl's, in place of a token. argv: the file; or `hang`, `false`.
 */

const [file = ''] = process.argv.slice(2)
const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
if (file === 'hang') setInterval(() => {}, 1_000)
else if (file === 'false') process.stdout.write('00'.repeat(64))
else {
  const signature = opensslSign(
    { file, privateKey: new Uint8Array(), publicKey: new Uint8Array() },
    Buffer.concat(chunks),
  )
  process.stdout.write(Buffer.from(signature).toString('hex'))
}

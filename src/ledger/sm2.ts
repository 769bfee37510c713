import { weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { concatBytes, fromHex, sameBytes, toHex } from './bytes.ts'
import { sm3 } from './sm3.ts'

/*
 * SM2 digital signatures of GB/T 32918.2 with SM3, on the curve of GB/T 32918.5, for the user ID 1234567812345678.
 * Never by node:crypto: its "sm3 with an SM2 key" is plain ECDSA for a generated key and SM2 with an empty user ID for
 * an imported one (nodejs/node#53761), and agrees with itself, so that no self-test finds out.
 */

/** Uncompressed point without its first byte: x || y. */
export const SM2_PUBLIC_KEY_BYTES = 64
/** r || s. */
export const SM2_SIGNATURE_BYTES = 64

/** Public key x || y of a private key of 32 bytes. Throws for a number that is no private key. */
export function sm2PublicKey(privateKey: Uint8Array): Uint8Array {
  return curve.BASE.multiply(toInteger(privateKey)).toBytes(false).slice(1)
}

/** A private key for `randomBytes` of 32 bytes, or null if they don't make one (§6.1 wants 1 … n−2). */
export function sm2PrivateKey(randomBytes: Uint8Array): Uint8Array | null {
  const d = toInteger(randomBytes)
  return d >= 1n && d <= order - 2n ? randomBytes.slice(0, 32) : null
}

/**
 * Signs (§6.2). `random` gives 32 fresh unpredictable bytes at each call: whoever can guess them has the key.
 */
export function sm2Sign(privateKey: Uint8Array, message: Uint8Array, random: () => Uint8Array): Uint8Array {
  const d = toInteger(privateKey)
  const e = toInteger(digest(sm2PublicKey(privateKey), message))
  for (;;) {
    const k = toInteger(random())
    if (k < 1n || k >= order) continue
    const r = scalar.create(e + curve.BASE.multiply(k).toAffine().x)
    if (r === 0n || r + k === order) continue
    const s = scalar.mul(scalar.inv(scalar.create(1n + d)), scalar.create(k - r * d))
    if (s !== 0n) return concatBytes(toBytes(r), toBytes(s))
  }
}

/** Verifies (§7.1). Total: any bytes give an answer. */
export function sm2Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== SM2_PUBLIC_KEY_BYTES || signature.length !== SM2_SIGNATURE_BYTES) return false
  const [r, s] = [toInteger(signature.slice(0, 32)), toInteger(signature.slice(32))]
  if (r < 1n || r >= order || s < 1n || s >= order) return false
  const t = scalar.create(r + s)
  if (t === 0n) return false
  try {
    const point = curve.fromBytes(concatBytes(Uint8Array.of(4), publicKey))
    const sum = curve.BASE.multiplyUnsafe(s).add(point.multiplyUnsafe(t))
    if (sum.is0()) return false
    const e = toInteger(digest(publicKey, message))
    return scalar.create(e + sum.toAffine().x) === r
  } catch {
    return false
  }
}

/**
 * Whether this very code, where it runs now, makes and accepts the signature that GB/T 32918.5-2017 prints in annex A
 * for the private key and the random number it prints, and no other. Without that the gm suite must not start.
 */
export function sm2KnowsItsStandard(): boolean {
  const privateKey = hex('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8')
  const publicKey = hex(
    '09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
      'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  )
  const random = hex('59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21')
  const signature = hex(
    'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3' +
      'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
  )
  const message = new TextEncoder().encode('message digest')
  const other = new TextEncoder().encode('message digesu')
  return (
    sameBytes(sm2PublicKey(privateKey), publicKey) &&
    sameBytes(
      sm2Sign(privateKey, message, () => random),
      signature,
    ) &&
    sm2Verify(publicKey, message, signature) &&
    !sm2Verify(publicKey, other, signature)
  )
}

/** The recommended curve of GB/T 32918.5-2017 §3. */
const parameters = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
}
const curve = weierstrass(parameters)
const scalar = curve.Fn
const order = parameters.n

const USER_ID = new TextEncoder().encode('1234567812345678')

/** §5.5 and §6.2: SM3(Z || message), where Z names the user, the curve and the key. */
function digest(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const idBits = USER_ID.length * 8
  const { a, b, Gx, Gy } = parameters
  const z = sm3(
    concatBytes(
      Uint8Array.of(idBits >> 8, idBits & 0xff),
      USER_ID,
      ...[a, b, Gx, Gy].map(toBytes),
      publicKey,
    ),
  )
  return sm3(concatBytes(z, message))
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes) || '0'}`)
}

function toBytes(integer: bigint): Uint8Array {
  return hex(integer.toString(16).padStart(64, '0'))
}

function hex(text: string): Uint8Array {
  return fromHex(text)!
}

/**
 * Writes protocol buffer messages (wire format, proto3 encoding guide): just the field kinds that ONNX needs.
 * Fields appear in the order of the calls, so equal calls give equal bytes.
 */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = []

  /** Wire type 0; a negative number takes its 64-bit two's complement, as int64 fields want. */
  integer(field: number, value: number | bigint): this {
    this.#tag(field, 0)
    this.#varint(BigInt.asUintN(64, BigInt(value)))
    return this
  }

  /** Wire type 5, IEEE 754 single, little-endian. */
  float(field: number, value: number): this {
    this.#tag(field, 5)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    this.#chunks.push(bytes)
    return this
  }

  /** Wire type 2. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2)
    this.#varint(BigInt(value.length))
    this.#chunks.push(value)
    return this
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value))
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.finish())
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#chunks)
  }

  #tag(field: number, wireType: 0 | 2 | 5): void {
    this.#varint(BigInt((field << 3) | wireType))
  }

  #varint(value: bigint): void {
    const bytes: number[] = []
    let rest = value
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    bytes.push(Number(rest))
    this.#chunks.push(Uint8Array.from(bytes))
  }
}

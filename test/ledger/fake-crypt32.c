/* Stands in for crypt32 and kernel32 where there is no Windows: the shapes of dpapi.h, and no protection at all. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  uint32_t cbData;
  unsigned char *pbData;
} DATA_BLOB;

static int freed;

static int answer(const unsigned char *bytes, uint32_t count, unsigned char mask, DATA_BLOB *out) {
  out->cbData = count;
  out->pbData = malloc(count + 1);
  for (uint32_t i = 0; i < count; i++) out->pbData[i] = bytes[i] ^ mask;
  return 1;
}

int CryptProtectData(DATA_BLOB *in, const void *description, DATA_BLOB *entropy, void *reserved, void *prompt,
                     uint32_t flags, DATA_BLOB *out) {
  if (description || entropy || reserved || prompt || flags != 1) return 0;
  unsigned char *marked = malloc(in->cbData + 2);
  memcpy(marked, "D1", 2);
  memcpy(marked + 2, in->pbData, in->cbData);
  int done = answer(marked, in->cbData + 2, 0x5a, out);
  free(marked);
  return done;
}

int CryptUnprotectData(DATA_BLOB *in, const void *description, DATA_BLOB *entropy, void *reserved, void *prompt,
                       uint32_t flags, DATA_BLOB *out) {
  if (description || entropy || reserved || prompt || flags != 1) return 0;
  if (in->cbData < 2 || in->pbData[0] != ('D' ^ 0x5a) || in->pbData[1] != ('1' ^ 0x5a)) return 0;
  return answer(in->pbData + 2, in->cbData - 2, 0x5a, out);
}

void *LocalFree(void *block) {
  free(block);
  freed++;
  return 0;
}

int timesFreed(void) { return freed; }

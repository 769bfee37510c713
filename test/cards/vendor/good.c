/* A vendor's libraries as their headers describe them: sdtapi, termb, SSCardDriver, a portrait decoder. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "synthetic-card.h"

/* GB 11643's sample number and an invented name, written by the test that compiles this file. */
static const unsigned char text[256] = {CARD_TEXT};
static const unsigned char photo[1024] = {CARD_PHOTO};
static int opened = 0;
static int given = 0;

int SDT_OpenPort(int port) { return opened = port == 1001, opened ? 0x90 : 0x01; }
int SDT_ClosePort(int port) { return opened = 0, port == 1001 ? 0x90 : 0x01; }
int SDT_ResetSAM(int port, int if_open) { return given = 0, port + if_open == 1001 ? 0x90 : 0x01; }
int SDT_GetSAMID(int port, unsigned char *number, int if_open) {
  static const unsigned char sample[16] = {5, 0, 1, 0, 0x1b, 0x8f, 0x32, 1, 0x39, 0x30, 0, 0, 0xd2, 2, 0x96, 0x49};
  memcpy(number, sample, sizeof sample);
  return port + if_open == 1001 && opened ? 0x90 : 0x01;
}
/* As a SAM does: each card is found once. */
int SDT_StartFindIDCard(int port, unsigned char *answer, int if_open) {
  memset(answer, 0, 4);
  return port + if_open == 1001 && opened && !given ? 0x9f : 0x80;
}
int SDT_SelectIDCard(int port, unsigned char *answer, int if_open) {
  memset(answer, 0, 8);
  return port + if_open == 1001 && opened && !given ? 0x90 : 0x81;
}
/* Crashes once where a file beside the library asks for it. */
static void crash_once(void) {
  if (remove(CRASH_ONCE) == 0) raise(SIGSEGV);
}
int SDT_ReadBaseMsg(int port, unsigned char *ch, unsigned int *ch_length, unsigned char *ph,
                    unsigned int *ph_length, int if_open) {
  crash_once();
  memcpy(ch, text, sizeof text);
  memcpy(ph, photo, sizeof photo);
  *ch_length = sizeof text;
  *ph_length = sizeof photo;
  given = 1;
  return port + if_open == 1001 && opened ? 0x90 : 0x41;
}
int SDT_ReadNewAppMsg(int port, unsigned char *addresses, unsigned int *length, int if_open) {
  (void)addresses;
  *length = 0;
  return port + if_open == 1001 && given ? 0x91 : 0x41;
}

int CVR_InitComm(int port) { return opened = port == 1001; }
int CVR_CloseComm(void) { return opened = 0, 1; }
int CVR_Authenticate(void) { return opened && !given; }
int CVR_ReadBaseMsg(unsigned char *ch, unsigned int *ch_length, unsigned char *ph, unsigned int *ph_length, int mode) {
  if (mode != 1 || *ch_length != 256 || *ph_length != 1024) return 0;
  memcpy(ch, text, sizeof text);
  memcpy(ph, photo, sizeof photo);
  return given = 1;
}

/* 1: a card, 2: no card, 3: file not found, 4: no PSAM. */
long iReadCardBas(int type, char *info) {
  if (type == 2) return -2;
  if (type == 3) return -27266;
  if (type == 4) return -2201;
  strcpy(info, "639900|111111198101011110|X00000019|639900D15600000500BF7C7A48FB4966|\xd5\xc5\xc8\xfd|"
               "00814E43238697159900BF7C7A|1.00|20101001|20201001|410100813475|000000000001|");
  return 0;
}

static void put32(unsigned char *at, unsigned value) {
  at[0] = value; at[1] = value >> 8; at[2] = value >> 16; at[3] = value >> 24;
}
/* Red at the top of the picture, blue below; rows of a BMP are padded and go from bottom to top. */
static void draw(unsigned char *rows, int stride) {
  for (int y = 0; y < 126; y++)
    for (int x = 0; x < 102; x++) {
      unsigned char *pixel = rows + y * stride + x * 3;
      pixel[0] = y < 63 ? 200 : 0; pixel[1] = 10; pixel[2] = y < 63 ? 0 : 200;
    }
}
static void draw_bmp(unsigned char *bmp) {
  memset(bmp, 0, 38862);
  memcpy(bmp, "BM", 2);
  put32(bmp + 2, 38862); put32(bmp + 10, 54); put32(bmp + 14, 40); put32(bmp + 18, 102); put32(bmp + 22, 126);
  bmp[26] = 1; bmp[28] = 24;
  draw(bmp + 54, 308);
}
static void save(const char *name, const unsigned char *bmp) {
  FILE *file = fopen(name, "wb");
  if (file == NULL) return;
  fwrite(bmp, 1, 38862, file);
  fclose(file);
}
/* `magic` 0: raw, 708: a BMP, 1: raw and zp.bmp in the current directory, 2: half a picture, 3: one colour. */
int unpack(char *block, char *picture, int magic) {
  static unsigned char bmp[38862];
  if (memcmp(block, "WL", 2) != 0) return 0;
  draw_bmp(bmp);
  if (magic == 708) memcpy(picture, bmp, sizeof bmp);
  else if (magic == 2) memset(picture, 7, 20000);
  else if (magic == 3) memset(picture, 7, 38556);
  else draw((unsigned char *)picture, 306);
  if (magic == 1) save("zp.bmp", bmp);
  return 1;
}
/* Interface 1 works; 2 is the answer of a library without a licence. */
int GetBmp(char *name, int interface) {
  unsigned char bmp[38862], head[2] = {0};
  FILE *wlt = fopen(name, "rb");
  if (wlt == NULL) return -3;
  if (fread(head, 1, 2, wlt) != 2 || head[0] != 'W') { fclose(wlt); return -4; }
  fclose(wlt);
  if (interface != 1) return -5;
  draw_bmp(bmp);
  save("photo.bmp", bmp);
  return 1;
}

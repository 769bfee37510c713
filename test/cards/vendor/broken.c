/* A library that does what libraries must not do; the function's number says what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int fine(int value) { return value + 1; }

int crash(void) {
  volatile int *nowhere = (int *)8;
  return *nowhere;
}

int leave(void) { exit(3); }

int hang(void) {
  for (;;) sleep(1);
}

/* Writes that many bytes into room for 16. */
int overrun(unsigned char *room, int bytes) {
  memset(room, 0x41, bytes);
  return 0;
}

/* Says that it wrote more than there is room for. */
int exaggerate(unsigned char *room, unsigned int *length) {
  memset(room, 0x41, 16);
  *length = 4000000000u;
  return 0;
}

/* Leaves a portrait in the current directory and says how many files were there before. */
int litter(char *folder) {
  FILE *before = fopen("zp.bmp", "rb");
  FILE *file;
  if (before != NULL) fclose(before);
  file = fopen("zp.bmp", "wb");
  fputs("portrait", file);
  fclose(file);
  return getcwd(folder, 4096) == NULL ? -1 : before != NULL;
}

/* Whether the station's environment can be seen from here, and chatter that must not reach a log. */
int peek(void) {
  puts("a name that must not be printed");
  fputs("a number that must not be printed\n", stderr);
  return getenv("SHIDAO_TEST_SECRET") != NULL;
}

/*
 * Writes down, in order, what a process does to the files of one folder, and kills the process at a chosen step: the
 * power cut. test/campaigns/power-cut-disk.ts rebuilds from the list what a disk may hold afterwards.
 *
 *   CUT_FOLDER  the folder, with a slash at its end     CUT_LOG  where the list goes
 *   CUT_AT      number of the step at which SIGKILL comes; 0 for never
 *
 * A record is: op (1 byte), length of the name (2), offset (8), length of the bytes (4), name, bytes; little-endian.
 * Written before the step is done, so that at a cut the last one may or may not have happened.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { OP_CREATE = 'c', OP_WRITE = 'w', OP_TRUNCATE = 't', OP_SYNC = 's', OP_UNLINK = 'u', OP_LINK = 'l' };

static int log_fd = -1;
static long steps = 0, cut_at = 0;
static char folder[PATH_MAX];

__attribute__((constructor)) static void start(void) {
  const char *where = getenv("CUT_FOLDER"), *log = getenv("CUT_LOG"), *at = getenv("CUT_AT");
  if (!where || !log) return;
  snprintf(folder, sizeof folder, "%s", where);
  cut_at = at ? atol(at) : 0;
  log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

/* The name inside the folder, "" for the folder itself, or null. */
static const char *inside(const char *path) {
  size_t length = strlen(folder);
  if (length == 0 || log_fd < 0) return NULL;
  if (strncmp(path, folder, length) == 0) return path + length;
  return strlen(path) == length - 1 && strncmp(path, folder, length - 1) == 0 ? "" : NULL;
}

static const char *inside_fd(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return NULL;
  path[length] = 0;
  return inside(path);
}

static void record(char op, const char *name, uint64_t offset, const void *bytes, uint32_t length) {
  uint16_t name_length = (uint16_t)strlen(name);
  size_t total = 15 + name_length + length;
  char *line = malloc(total);
  line[0] = op;
  memcpy(line + 1, &name_length, 2);
  memcpy(line + 3, &offset, 8);
  memcpy(line + 11, &length, 4);
  memcpy(line + 15, name, name_length);
  if (length) memcpy(line + 15 + name_length, bytes, length);
  if (syscall(SYS_write, log_fd, line, total) != (long)total) abort();
  free(line);
  if (cut_at > 0 && ++steps >= cut_at) syscall(SYS_kill, getpid(), SIGKILL);
}

static void opened(const char *path, int flags) {
  const char *name = inside(path);
  if (!name || !*name || access(path, F_OK) == 0) {
    if (name && *name && (flags & O_TRUNC)) record(OP_TRUNCATE, name, 0, NULL, 0);
    return;
  }
  if (flags & O_CREAT) record(OP_CREATE, name, 0, NULL, 0);
}

#define OPEN(name)                                                          \
  int name(const char *path, int flags, ...) {                              \
    va_list rest;                                                           \
    va_start(rest, flags);                                                  \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                           \
    opened(path, flags);                                                    \
    return ((int (*)(const char *, int, ...))next(#name))(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

static void wrote(int fd, const void *bytes, size_t count, off64_t offset) {
  char path[PATH_MAX];
  const char *name = inside_fd(fd, path);
  if (name && *name) record(OP_WRITE, name, (uint64_t)offset, bytes, (uint32_t)count);
}

#define PWRITE(name)                                                           \
  ssize_t name(int fd, const void *bytes, size_t count, off64_t offset) {      \
    wrote(fd, bytes, count, offset);                                           \
    return ((ssize_t (*)(int, const void *, size_t, off64_t))next(#name))(fd, bytes, count, offset); \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t write(int fd, const void *bytes, size_t count) {
  if (log_fd >= 0 && fd > 2) wrote(fd, bytes, count, lseek(fd, 0, SEEK_CUR));
  return syscall(SYS_write, fd, bytes, count);
}

#define TRUNCATE(name)                                             \
  int name(int fd, off64_t length) {                               \
    char path[PATH_MAX];                                           \
    const char *inside_name = inside_fd(fd, path);                 \
    if (inside_name && *inside_name) record(OP_TRUNCATE, inside_name, (uint64_t)length, NULL, 0); \
    return ((int (*)(int, off64_t))next(#name))(fd, length);       \
  }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

/* Recorded once it has returned: until then nothing is promised. */
#define SYNC(name)                                  \
  int name(int fd) {                                \
    char path[PATH_MAX];                            \
    int result = ((int (*)(int))next(#name))(fd);   \
    const char *inside_name = inside_fd(fd, path);  \
    if (result == 0 && inside_name) record(OP_SYNC, inside_name, 0, NULL, 0); \
    return result;                                  \
  }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
  const char *name = inside(path);
  if (name && *name && access(path, F_OK) == 0) record(OP_UNLINK, name, 0, NULL, 0);
  return ((int (*)(const char *))next("unlink"))(path);
}

int link(const char *from, const char *to) {
  const char *name = inside(to), *old = inside(from);
  if (name && old) record(OP_LINK, name, 0, old, (uint32_t)strlen(old));
  return ((int (*)(const char *, const char *))next("link"))(from, to);
}

int rename(const char *from, const char *to) {
  const char *name = inside(to), *old = inside(from);
  if (name && old) {
    record(OP_LINK, name, 0, old, (uint32_t)strlen(old));
    record(OP_UNLINK, old, 0, NULL, 0);
  }
  return ((int (*)(const char *, const char *))next("rename"))(from, to);
}

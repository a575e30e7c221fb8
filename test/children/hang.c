// A library for LD_PRELOAD: calls on files below HANG_BELOW hang while the file HANG_NAMES exists and names them.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

typedef long (*call)();

static int names(const char *name) {
  const char *path = getenv("HANG_NAMES");
  FILE *file = path ? fopen(path, "re") : NULL;
  if (!file) return 0;
  char text[512] = " ";
  size_t length = fread(text + 1, 1, sizeof text - 3, file);
  fclose(file);
  text[length + 1] = ' ';
  text[length + 2] = 0;
  char word[64];
  snprintf(word, sizeof word, " %s ", name);
  return strstr(text, word) != NULL || strstr(text, " all ") != NULL;
}

static void at_path(const char *name, const char *path) {
  const char *below = getenv("HANG_BELOW");
  if (!below || !path || strncmp(path, below, strlen(below)) != 0) return;
  while (names(name)) usleep(5000);
}

static void at_descriptor(const char *name, int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return;
  path[length] = 0;
  at_path(name, path);
}

#define NEXT(name) ((call)dlsym(RTLD_NEXT, #name))

#define OPEN(name)                               \
  int name(const char *path, int flags, ...) {   \
    va_list rest;                                \
    va_start(rest, flags);                       \
    int mode = va_arg(rest, int);                \
    va_end(rest);                                \
    at_path("open", path);                       \
    return NEXT(name)(path, flags, mode);        \
  }
OPEN(open)
OPEN(open64)

ssize_t write(int fd, const void *bytes, size_t count) {
  if (fd > 2) at_descriptor("write", fd);
  return NEXT(write)(fd, bytes, count);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  at_descriptor("write", fd);
  return NEXT(pwrite64)(fd, bytes, count, offset);
}
int fdatasync(int fd) { at_descriptor("fsync", fd); return NEXT(fdatasync)(fd); }
int fsync(int fd) { at_descriptor("fsync", fd); return NEXT(fsync)(fd); }
int unlink(const char *path) { at_path("unlink", path); return NEXT(unlink)(path); }
int rename(const char *from, const char *to) { at_path("rename", from); return NEXT(rename)(from, to); }
int mkdir(const char *path, mode_t mode) { at_path("mkdir", path); return NEXT(mkdir)(path, mode); }
int scandir64(const char *path, struct dirent64 ***list, int (*filter)(const struct dirent64 *),
              int (*compare)(const struct dirent64 **, const struct dirent64 **)) {
  at_path("list", path);
  return NEXT(scandir64)(path, list, filter, compare);
}
int scandir(const char *path, struct dirent ***list, int (*filter)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **)) {
  at_path("list", path);
  return NEXT(scandir)(path, list, filter, compare);
}
ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset) {
  at_descriptor("read", fd);
  return NEXT(pread64)(fd, bytes, count, offset);
}
int close(int fd) { if (fd > 2) at_descriptor("close", fd); return NEXT(close)(fd); }

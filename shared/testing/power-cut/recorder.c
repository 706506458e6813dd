/*
 * Writes down, in one total order, what a process does to the files below one directory, as an LD_PRELOAD library.
 * `recorder.ts` compiles it, `recording.ts` reads its log.
 *
 * POWER_CUT_DIRECTORY  the directory, as realpath(3) spells it
 * POWER_CUT_LOG        the log, which is somewhere else
 * POWER_CUT_SYNC_US    how long a sync takes
 *
 * - A call and its record are one step under one lock, so the log's order is the order in which the calls took effect.
 * - What the process says on standard output is a record like any other: it tells what had been promised by when.
 * - A sync is not passed on: what is durable is decided when the log is replayed. It takes its time without the lock, and
 *   its record says how many records there were when it began: it covers those and no others. So a promise that does
 *   not wait for the sync stands before it in the log.
 * - What the recorder cannot follow for a recorded file ends the process: a log with a hole would be a blind test.
 * - SQLite's shared memory, `…-shm`, is not recorded: it is made again from the log of the database.
 *
 * A record is a header and its bytes: one path, two paths with a NUL between them, or what was written.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind {
  OPEN = 1,  /* fd, path; a: 1 may create, 2 truncates */
  CLOSE,     /* fd */
  WRITE,     /* fd, bytes; a: offset */
  TRUNCATE,  /* fd; a: size */
  GROW,      /* fd; a: least size */
  SYNC,      /* fd; a: records before it began */
  RENAME,    /* two paths */
  UNLINK,    /* path */
  MKDIR,     /* path */
  RMDIR,     /* path */
  SAID,      /* bytes */
};

enum { MAY_CREATE = 1, TRUNCATES = 2 };

struct header {
  uint32_t kind;
  int32_t fd;
  uint64_t a;
  uint64_t length;
};

enum { FDS_MAX = 1 << 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char directory[PATH_MAX];
static size_t directory_length;
static int log_fd = -1;
static long sync_us;
static uint64_t records;
static volatile char is_recorded[FDS_MAX];

__attribute__((noreturn)) static void give_up(const char *what, const char *path) {
  dprintf(2, "power-cut recorder: cannot follow %s of %s\n", what, path);
  abort();
}

__attribute__((constructor)) static void begin(void) {
  const char *dir = getenv("POWER_CUT_DIRECTORY");
  const char *log = getenv("POWER_CUT_LOG");
  const char *us = getenv("POWER_CUT_SYNC_US");
  if (dir == NULL || log == NULL) return;
  int fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) give_up("the log", log);
  log_fd = fd;
  sync_us = us == NULL ? 0 : atol(us);
  directory_length = strlen(dir);
  memcpy(directory, dir, directory_length + 1);
}

/* Holds the lock. */
static void record(enum kind kind, int fd, uint64_t a, const struct iovec *parts, int count, size_t length) {
  struct header header = {kind, fd, a, length};
  struct iovec all[1 + 64];
  all[0] = (struct iovec){&header, sizeof header};
  if (count > 64) give_up("a write in more than 64 parts", directory);
  size_t left = length;
  int used = 1;
  for (int i = 0; i < count && left > 0; i++) {
    size_t take = parts[i].iov_len < left ? parts[i].iov_len : left;
    all[used++] = (struct iovec){parts[i].iov_base, take};
    left -= take;
  }
  ssize_t written = syscall(SYS_writev, log_fd, all, used);
  if (written != (ssize_t)(sizeof header + length)) give_up("the log", directory);
  records++;
}

static void record_text(enum kind kind, int fd, uint64_t a, const char *text, size_t length) {
  struct iovec part = {(void *)text, length};
  record(kind, fd, a, &part, 1, length);
}

static int follows(int fd) {
  return fd >= 0 && fd < FDS_MAX && is_recorded[fd];
}

static int is_below(const char *path) {
  if (directory_length == 0 || strncmp(path, directory, directory_length) != 0) return 0;
  if (path[directory_length] != '/' && path[directory_length] != '\0') return 0;
  size_t length = strlen(path);
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

/* The absolute path, into a buffer of PATH_MAX; whether it is ours. */
static int resolve(int at, const char *path, char *out) {
  if (directory_length == 0 || path == NULL) return 0;
  if (path[0] == '/') {
    if (strlen(path) >= PATH_MAX) return 0;
    strcpy(out, path);
    return is_below(out);
  }
  char base[PATH_MAX];
  if (at == AT_FDCWD) {
    if (getcwd(base, sizeof base) == NULL) return 0;
  } else {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", at);
    ssize_t length = readlink(link, base, sizeof base - 1);
    if (length < 0) return 0;
    base[length] = '\0';
  }
  if (snprintf(out, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
  return is_below(out);
}

/* Files */

static int open_at(int at, const char *path, int flags, mode_t mode) {
  char full[PATH_MAX];
  if (!resolve(at, path, full)) {
    int fd = syscall(SYS_openat, at, path, flags, mode);
    if (fd >= 0 && fd < FDS_MAX) is_recorded[fd] = 0;
    return fd;
  }
  if ((flags & O_TMPFILE) == O_TMPFILE) give_up("a file without a name", full);
  pthread_mutex_lock(&lock);
  int fd = syscall(SYS_openat, at, path, flags, mode);
  int error = errno;
  if (fd >= FDS_MAX) give_up("so many files", full);
  if (fd >= 0) {
    is_recorded[fd] = 1;
    uint64_t how = (flags & O_CREAT ? MAY_CREATE : 0) | (flags & O_TRUNC ? TRUNCATES : 0);
    record_text(OPEN, fd, how, full, strlen(full));
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

static mode_t mode_of(int flags, va_list arguments) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

#define OPENS(name)                                   \
  int name(const char *path, int flags, ...) {        \
    va_list arguments;                                \
    va_start(arguments, flags);                       \
    mode_t mode = mode_of(flags, arguments);          \
    va_end(arguments);                                \
    return open_at(AT_FDCWD, path, flags, mode);      \
  }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                \
  int name(int at, const char *path, int flags, ...) {\
    va_list arguments;                                \
    va_start(arguments, flags);                       \
    mode_t mode = mode_of(flags, arguments);          \
    va_end(arguments);                                \
    return open_at(at, path, flags, mode);            \
  }
OPENS_AT(openat)
OPENS_AT(openat64)

int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int fd) {
  if (!follows(fd)) return syscall(SYS_close, fd);
  pthread_mutex_lock(&lock);
  is_recorded[fd] = 0;
  record(CLOSE, fd, 0, NULL, 0, 0);
  int result = syscall(SYS_close, fd);
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

/* Writes at `offset`, or where the file stands when it is -1. */
static ssize_t write_at(int fd, const struct iovec *parts, int count, off_t offset) {
  int said = fd == STDOUT_FILENO && log_fd >= 0;
  if (!said && !follows(fd)) {
    return offset < 0 ? syscall(SYS_writev, fd, parts, count) : syscall(SYS_pwritev, fd, parts, count, offset, 0);
  }
  pthread_mutex_lock(&lock);
  ssize_t written =
      offset < 0 ? syscall(SYS_writev, fd, parts, count) : syscall(SYS_pwritev, fd, parts, count, offset, 0);
  int error = errno;
  if (written > 0) {
    /* Behind it, also where the file is opened to append. */
    if (!said && offset < 0) offset = lseek(fd, 0, SEEK_CUR) - written;
    record(said ? SAID : WRITE, fd, said ? 0 : offset, parts, count, written);
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return written;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  struct iovec part = {(void *)bytes, length};
  return write_at(fd, &part, 1, -1);
}
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_at(fd, parts, count, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  struct iovec part = {(void *)bytes, length};
  return write_at(fd, &part, 1, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return pwrite(fd, bytes, length, offset); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  return write_at(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  return write_at(fd, parts, count, offset);
}

int ftruncate(int fd, off_t size) {
  if (!follows(fd)) return syscall(SYS_ftruncate, fd, size);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_ftruncate, fd, size);
  int error = errno;
  if (result == 0) record(TRUNCATE, fd, size, NULL, 0, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

int truncate(const char *path, off_t size) {
  int fd = open_at(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return -1;
  int result = ftruncate(fd, size);
  int error = errno;
  close(fd);
  errno = error;
  return result;
}
int truncate64(const char *path, off64_t size) { return truncate(path, size); }

int fallocate(int fd, int mode, off_t offset, off_t length) {
  if (!follows(fd)) return syscall(SYS_fallocate, fd, mode, offset, length);
  if (mode != 0) give_up("fallocate with a mode", directory);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_fallocate, fd, mode, offset, length);
  int error = errno;
  if (result == 0) record(GROW, fd, offset + length, NULL, 0, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return fallocate(fd, mode, offset, length); }
int posix_fallocate(int fd, off_t offset, off_t length) { return fallocate(fd, 0, offset, length) == 0 ? 0 : errno; }
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }

static int sync_file(int fd) {
  pthread_mutex_lock(&lock);
  uint64_t covered = records;
  pthread_mutex_unlock(&lock);
  struct timespec time = {sync_us / 1000000, sync_us % 1000000 * 1000};
  nanosleep(&time, NULL);
  pthread_mutex_lock(&lock);
  record(SYNC, fd, covered, NULL, 0, 0);
  pthread_mutex_unlock(&lock);
  return 0;
}
int fsync(int fd) { return follows(fd) ? sync_file(fd) : (int)syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return follows(fd) ? sync_file(fd) : (int)syscall(SYS_fdatasync, fd); }

/* Names */

static int unlink_at(int at, const char *path, int flags) {
  char full[PATH_MAX];
  if (!resolve(at, path, full)) return syscall(SYS_unlinkat, at, path, flags);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_unlinkat, at, path, flags);
  int error = errno;
  if (result == 0) record_text(flags & AT_REMOVEDIR ? RMDIR : UNLINK, -1, 0, full, strlen(full));
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int unlinkat(int at, const char *path, int flags) { return unlink_at(at, path, flags); }
int unlink(const char *path) { return unlink_at(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlink_at(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  int result = unlink_at(AT_FDCWD, path, 0);
  return result == -1 && errno == EISDIR ? unlink_at(AT_FDCWD, path, AT_REMOVEDIR) : result;
}

int mkdirat(int at, const char *path, mode_t mode) {
  char full[PATH_MAX];
  if (!resolve(at, path, full)) return syscall(SYS_mkdirat, at, path, mode);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_mkdirat, at, path, mode);
  int error = errno;
  if (result == 0) record_text(MKDIR, -1, 0, full, strlen(full));
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
  char both[2 * PATH_MAX];
  char target[PATH_MAX];
  int is_from_ours = resolve(from_at, from, both);
  int is_to_ours = resolve(to_at, to, target);
  if (!is_from_ours && !is_to_ours) return syscall(SYS_renameat2, from_at, from, to_at, to, flags);
  if (is_from_ours != is_to_ours || flags != 0) give_up("a rename", target);
  size_t length = strlen(both) + 1;
  strcpy(both + length, target);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_renameat2, from_at, from, to_at, to, flags);
  int error = errno;
  if (result == 0) record_text(RENAME, -1, 0, both, length + strlen(target));
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int renameat(int from_at, const char *from, int to_at, const char *to) {
  return renameat2(from_at, from, to_at, to, 0);
}
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

/* What cannot be followed */

int dup(int fd) {
  if (follows(fd)) give_up("dup", directory);
  return syscall(SYS_dup, fd);
}
int dup3(int fd, int to, int flags) {
  if (follows(fd) || follows(to)) give_up("dup3", directory);
  return syscall(SYS_dup3, fd, to, flags);
}
int dup2(int fd, int to) {
  if (fd == to) return syscall(SYS_fcntl, fd, F_GETFD) < 0 ? -1 : to;
  return dup3(fd, to, 0);
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) {
  if (follows(to)) give_up("sendfile", directory);
  return syscall(SYS_sendfile, to, from, offset, count);
}
ssize_t sendfile(int to, int from, off_t *offset, size_t count) { return sendfile64(to, from, offset, count); }
ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags) {
  if (follows(to)) give_up("copy_file_range", directory);
  return syscall(SYS_copy_file_range, from, from_at, to, to_at, length, flags);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
  if (follows(fd) && flags & MAP_SHARED && protection & PROT_WRITE) give_up("a writable mapping", directory);
  return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  return mmap64(address, length, protection, flags, fd, offset);
}

int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
  char full[PATH_MAX];
  if (resolve(from_at, from, full) || resolve(to_at, to, full)) give_up("a second name", full);
  return syscall(SYS_linkat, from_at, from, to_at, to, flags);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }
int symlinkat(const char *target, int at, const char *path) {
  char full[PATH_MAX];
  if (resolve(at, path, full)) give_up("a symbolic link", full);
  return syscall(SYS_symlinkat, target, at, path);
}
int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }

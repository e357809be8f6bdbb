#include <sys/prctl.h>
#include <sys/vfs.h>

/* What Swift's import of glibc leaves out. */

/* prctl(2) has a variable number of arguments. Returns 0, or -1 with errno. */
static inline int simpul_forbid_dump(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/* Whether a path is on a file system in memory: TMPFS_MAGIC, RAMFS_MAGIC, statfs(2). */
static inline int simpul_is_in_memory(const char *path) {
    struct statfs system;
    return statfs(path, &system) == 0 && (system.f_type == 0x01021994 || system.f_type == 0x858458f6);
}

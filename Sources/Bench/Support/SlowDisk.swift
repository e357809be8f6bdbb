import Foundation

/// A disk whose syncs take longer: a library for `LD_PRELOAD` that sleeps before each `fsync` and `fdatasync`, as
/// SQLite calls the latter at each durable commit.
struct SlowDisk {
    let library: String
    var environment: [String: String] { ["LD_PRELOAD": library] }

    init(_ scratch: Scratch, milliseconds: Int) throws {
        let source = scratch.path + "/slow.c"
        library = scratch.path + "/slow.so"
        let program = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <time.h>
            static void late(void) { struct timespec t = {0, \(milliseconds) * 1000000L}; nanosleep(&t, 0); }
            int fsync(int file) {
                int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync"); late(); return real(file);
            }
            int fdatasync(int file) {
                int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync"); late(); return real(file);
            }
            """
        try program.write(toFile: source, atomically: true, encoding: .utf8)
        try Program.output("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"])
    }
}

/* SPDX-License-Identifier: MIT */
#include "record/confine.h"

#include "hf_config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if HF_HAVE_SECCOMP
#include <seccomp.h>
#endif

enum { CHILD_NOT_CONFINED = 250, POLL_MS = 100 };

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#ifndef UNDER_ASAN
#define UNDER_ASAN 0
#endif

bool hf_i_confine_available(void)
{
    return HF_HAVE_SECCOMP;
}

#if HF_HAVE_SECCOMP

static bool put(void *pipe, const void *bytes, size_t size)
{
    const char *p = bytes;
    while (size) {
        ssize_t n = write(*(int *)pipe, p, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        p += n;
        size -= (size_t)n;
    }
    return true;
}

static bool lower(int what, uint64_t value)
{
    struct rlimit limit = {(rlim_t)value, (rlim_t)value}, now;
    if (getrlimit((__rlimit_resource_t)what, &now) == 0 && now.rlim_max < limit.rlim_max)
        limit.rlim_cur = limit.rlim_max = now.rlim_max;
    return setrlimit((__rlimit_resource_t)what, &limit) == 0;
}

/* Bytes of address space in use, from /proc/self/statm; 0 when it cannot be known. */
static uint64_t address_space(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;
    if (!f)
        return 0;
    if (fscanf(f, "%lu", &pages) != 1)
        pages = 0;
    fclose(f);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool set_limits(const hf_i_confine_limits *limits)
{
    /* The address sanitizer's shadow is larger than any limit. */
    uint64_t now = UNDER_ASAN ? 0 : address_space();
    if (now && !lower(RLIMIT_AS, now + limits->memory))
        return false;
    return lower(RLIMIT_CPU, limits->seconds) && lower(RLIMIT_FSIZE, 0) && lower(RLIMIT_CORE, 0) &&
           prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* What a computation needs. Asking for files is answered with 'no', so that a library which looks
 * for its tables goes on without; all else ends the child. */
static bool close_walls(int fd)
{
    static const int allowed[] = {
        SCMP_SYS(exit),           SCMP_SYS(exit_group),   SCMP_SYS(brk),
        SCMP_SYS(munmap),         SCMP_SYS(mremap),       SCMP_SYS(madvise),
        SCMP_SYS(futex),          SCMP_SYS(getpid),       SCMP_SYS(gettid),
        SCMP_SYS(getrandom),      SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_yield),
        SCMP_SYS(clock_gettime),  SCMP_SYS(sigaltstack),  SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(restart_syscall)};
    static const int refused[] = {SCMP_SYS(open),       SCMP_SYS(openat),    SCMP_SYS(stat),
                                  SCMP_SYS(newfstatat), SCMP_SYS(access),    SCMP_SYS(readlink),
                                  SCMP_SYS(statx),      SCMP_SYS(readlinkat)};
    const struct scmp_arg_cmp to_pipe = {0, SCMP_CMP_EQ, (scmp_datum_t)fd, 0};
    /* Memory that is never executable. */
    const struct scmp_arg_cmp no_code = {2, SCMP_CMP_MASKED_EQ, 4, 0};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return false;
    bool ok = true;
    for (size_t i = 0; i < HF_COUNT_OF(allowed) && ok; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    for (size_t i = 0; i < HF_COUNT_OF(refused) && ok; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0) == 0;
    ok = ok && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, &to_pipe) == 0 &&
         seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &no_code) == 0 &&
         seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &no_code) == 0 &&
         seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
}

static void child(int fd, hf_i_confine_fn fn, void *user, const hf_i_confine_limits *limits)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXCPU, SIG_DFL);
    signal(SIGINT, SIG_IGN); /* the parent decides */
    int code = fn(user, true, put, &fd);
    if (code == 0 && (!set_limits(limits) || !close_walls(fd)))
        code = CHILD_NOT_CONFINED;
    if (code == 0)
        code = fn(user, false, put, &fd);
    /* Ends the child without what the program does at its end: buffers, hooks, leak checks. */
    syscall(SYS_exit_group, code);
}

/* Reads until the child closes its end. */
static hf_status collect(hf_ctx *ctx, int fd, const hf_i_confine_limits *limits, hf_i_buf *out,
                         bool *too_much)
{
    uint64_t size = 0;
    *too_much = false;
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = poll(&p, 1, POLL_MS);
        HF_TRY(hf_i_progress(ctx, "read", 0, 0));
        if (ready < 0 && errno != EINTR)
            return hf_i_fail(ctx, HF_E_IO, NULL, "cannot hear the confined reader");
        if (ready <= 0)
            continue;
        HF_TRY(hf_i_buf_reserve(out, 1 << 16));
        ssize_t n = read(fd, out->data + out->len, 1 << 16);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return HF_OK;
        size += (uint64_t)n;
        if (size > limits->output) {
            *too_much = true;
            return HF_OK;
        }
        out->len += (size_t)n;
        out->data[out->len] = '\0';
    }
}

static hf_i_confine_end end_of(int status, int *code)
{
    if (WIFEXITED(status)) {
        *code = WEXITSTATUS(status);
        return HF_I_CONFINE_DONE;
    }
    switch (WTERMSIG(status)) {
    case SIGSYS:
        return HF_I_CONFINE_BARRED;
    case SIGXCPU:
    case SIGKILL: /* the hard limit of processor time */
        return HF_I_CONFINE_TIMED_OUT;
    default:
        return HF_I_CONFINE_CRASHED;
    }
}

hf_status hf_i_confine(hf_ctx *ctx, hf_i_confine_fn fn, void *user,
                       const hf_i_confine_limits *limits, hf_i_buf *out, hf_i_confine_end *end,
                       int *code)
{
    int fds[2], status = 0;
    *code = 0;
    *end = HF_I_CONFINE_CRASHED;
    if (pipe(fds) != 0)
        return hf_i_fail(ctx, HF_E_IO, NULL, "no pipe for a confined reader");
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        child(fds[1], fn, user, limits);
    }
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        return hf_i_fail(ctx, HF_E_IO, NULL, "no child process for a confined reader");
    }
    bool too_much = false;
    hf_status s = collect(ctx, fds[0], limits, out, &too_much);
    close(fds[0]);
    if (s != HF_OK || too_much)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (s != HF_OK)
        return s;
    *end = too_much ? HF_I_CONFINE_TOO_MUCH : end_of(status, code);
    if (*end == HF_I_CONFINE_DONE && *code == CHILD_NOT_CONFINED)
        return hf_i_fail(ctx, HF_E_UNSUPPORTED, "Save the table as CSV and read that.",
                         "this system does not let a reader be confined");
    return HF_OK;
}

#else

hf_status hf_i_confine(hf_ctx *ctx, hf_i_confine_fn fn, void *user,
                       const hf_i_confine_limits *limits, hf_i_buf *out, hf_i_confine_end *end,
                       int *code)
{
    (void)fn, (void)user, (void)limits, (void)out, (void)code;
    *end = HF_I_CONFINE_CRASHED;
    return hf_i_fail(ctx, HF_E_UNSUPPORTED, "Save the table as CSV and read that.",
                     "this build has no libseccomp to confine a reader with");
}

#endif

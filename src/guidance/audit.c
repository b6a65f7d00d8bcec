/* SPDX-License-Identifier: MIT */
/* The log that both can read: one JSON line an event, added at the end, never changed. The list of
 * events is closed: what belongs to anyone's private area has no name here. */
#include <holdfast/safety.h>

#include "text/json_write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {"consent_made", "consent_confirmed", "consent_revoked",
                                    "report_made", "report_removed"};

const char *hf_audit_event_name(hf_audit_event event)
{
    return (unsigned)event < HF_COUNT_OF(names) ? names[event] : "?";
}

static hf_status write_line(hf_i_buf *line, const char *date, hf_audit_event event,
                            const char *who, const char *what)
{
    hf_i_json_writer w;
    hf_i_json_init(&w, hf_i_sink_buf(line), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "at", date);
    hf_i_json_key_str(&w, "event", names[event]);
    hf_i_json_key_str(&w, "who", who);
    hf_i_json_key_str(&w, "what", what);
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    return hf_i_json_finish(&w);
}

/* One write of one line: two programs at once do not mix theirs. */
static hf_status append(hf_ctx *ctx, const char *path, const hf_i_buf *line)
{
    hf_i_place place = {.file = path};
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, line->data, line->len) == (ssize_t)line->len;
    if (fd >= 0)
        good &= close(fd) == 0;
    return good ? HF_OK : hf_i_fail_at(ctx, HF_E_IO, &place, NULL, "cannot add to the log");
}

hf_status hf_audit_add(hf_ctx *ctx, const char *path, const char *date, hf_audit_event event,
                       const char *who, const char *what)
{
    if ((unsigned)event >= HF_COUNT_OF(names))
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "this event does not belong in the log of both");
    hf_i_buf line;
    hf_i_buf_init(&line, ctx, 1 << 16, "a line of the log");
    hf_status s = write_line(&line, date, event, who, what);
    if (s == HF_OK)
        s = append(ctx, path, &line);
    hf_i_buf_dispose(&line);
    return s;
}

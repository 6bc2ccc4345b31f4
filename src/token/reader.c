/* SPDX-License-Identifier: Apache-2.0 */
#include "token/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/gate.h"
#include "transport/filter.h"
#ifdef HAVE_PCSC
#include "transport/pcsc.h"
#endif
#ifdef HAVE_VIRTUAL_KEY
#include "transport/virtual.h"
#endif

#define SLICE_MS 1000u

/* pcscd tells of a reset and then has the reader do it. By ISO/IEC 7816-3 an answer to reset takes
 * 2 s at most, and drivers try it again. */
#define RESET_LATE_MS 5000u

struct bk_readers {
    struct bk_reader_options options;
    char *virtual_text; /* what these point into */
    const char *virtual_keys[BK_VIRTUAL_MAX];
    size_t virtual_count;
    int wake_fd;
#ifdef HAVE_PCSC
    struct bk_pcsc_monitor *look, *wait; /* one for each thread that may be in there */
#endif
};

static bk_reader_wrap reader_wrap;
static void *reader_wrap_context;

void bk_reader_set_wrap(bk_reader_wrap wrap, void *context)
{
    reader_wrap = wrap;
    reader_wrap_context = context;
}

#ifdef HAVE_VIRTUAL_KEY
/* A file whose name has a colon is one, by itself. */
static enum bk_err take_virtual_keys(struct bk_readers *r)
{
    char *rest = NULL;
    struct stat st;
    if (!r->options.virtual_key)
        return BK_OK;
    char *text = strdup(r->options.virtual_key);
    if (!text)
        return BK_ENOMEM;
    r->virtual_text = text;
    if (stat(text, &st) == 0) {
        r->virtual_keys[r->virtual_count++] = text;
        return BK_OK;
    }
    for (char *path = strtok_r(text, ":", &rest); path; path = strtok_r(NULL, ":", &rest)) {
        if (r->virtual_count == BK_VIRTUAL_MAX)
            return BK_ELIMIT;
        r->virtual_keys[r->virtual_count++] = path;
    }
    return BK_OK;
}
#endif

enum bk_err bk_readers_new(const struct bk_reader_options *options, struct bk_readers **readers)
{
    struct bk_readers *r = calloc(1, sizeof *r);
    enum bk_err err = BK_OK;
    if (!r)
        return BK_ENOMEM;
    r->options = *options;
    r->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (r->wake_fd < 0)
        err = BK_EIO;
#ifdef HAVE_VIRTUAL_KEY
    if (!err)
        err = take_virtual_keys(r);
#endif
#ifdef HAVE_PCSC
    if (!err)
        err = bk_pcsc_monitor_new(&r->look);
    if (!err)
        err = bk_pcsc_monitor_new(&r->wait);
#endif
    if (err)
        bk_readers_free(&r);
    else
        *readers = r;
    return err;
}

void bk_readers_free(struct bk_readers **readers)
{
    struct bk_readers *r = *readers;
    if (!r)
        return;
#ifdef HAVE_PCSC
    bk_pcsc_monitor_free(&r->look);
    bk_pcsc_monitor_free(&r->wait);
#endif
    if (r->wake_fd >= 0)
        (void)close(r->wake_fd);
    free(r->virtual_text);
    free(r);
    *readers = NULL;
}

#ifdef HAVE_VIRTUAL_KEY
/* A file that is replaced at each save has a new inode: only being there counts. */
static void look_at_virtual(const struct bk_readers *r, size_t i, struct bk_reader *reader)
{
    struct stat st;
    memset(reader, 0, sizeof *reader);
    if (i)
        (void)snprintf(reader->name, sizeof reader->name, BK_VIRTUAL_READER " %zu", i + 1);
    else
        memcpy(reader->name, BK_VIRTUAL_READER, sizeof BK_VIRTUAL_READER);
    reader->virtual_key = r->virtual_keys[i];
    reader->present = stat(reader->virtual_key, &st) == 0;
}
#endif

#ifdef HAVE_PCSC
static enum bk_err list_pcsc(struct bk_readers *r, struct bk_reader *list, size_t max, size_t *n)
{
    struct bk_pcsc_reader found[BK_READERS_MAX];
    size_t count = 0;
    enum bk_err err = bk_pcsc_readers(r->look, found, &count);
    for (size_t i = 0; !err && i < count && *n < max; i++) {
        struct bk_reader *to = &list[(*n)++];
        memset(to, 0, sizeof *to);
        memcpy(to->name, found[i].name, strlen(found[i].name) + 1);
        to->present = found[i].present;
        to->state = found[i].state;
        to->events = found[i].events;
        to->plugs = found[i].plugs;
    }
    return err;
}
#endif

enum bk_err bk_readers_list(struct bk_readers *r, struct bk_reader list[BK_READER_MAX],
                            size_t *count)
{
    enum bk_err err = BK_OK;
    *count = 0;
#ifdef HAVE_VIRTUAL_KEY
    for (size_t i = 0; i < r->virtual_count; i++)
        look_at_virtual(r, i, &list[(*count)++]);
#endif
#ifdef HAVE_PCSC
    if (r->options.pcsc)
        err = list_pcsc(r, list, BK_READER_MAX, count);
#endif
    return err;
}

/* --- waiting
 * ------------------------------------------------------------------------------------*/

#define COMES_OR_GOES (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB)

/* The folder of a file tells when it comes or goes (a socket: when it has got its rights, too,
 * which a daemon gives it when it listens), the one above it when the folder isn't there itself. */
static bool watch_folder(int fd, const char *file, unsigned levels)
{
    char *path = strdup(file);
    bool watched = false;
    for (unsigned i = 0; path && !watched && i < levels; i++) {
        char *slash = strrchr(path, '/');
        if (slash)
            slash[slash == path] = 0;
        watched = inotify_add_watch(fd, slash ? path : ".", COMES_OR_GOES) >= 0;
    }
    free(path);
    return watched;
}

static bool waits_for_daemon(const struct bk_readers *r)
{
#ifdef HAVE_PCSC
    return r->options.pcsc;
#else
    (void)r;
    return false;
#endif
}

/* -1 when there is none that can be watched. */
static int watch_folders(const struct bk_readers *r)
{
    bool any = false;
    int fd = r->virtual_count || waits_for_daemon(r) ? inotify_init1(IN_CLOEXEC | IN_NONBLOCK) : -1;
    for (size_t i = 0; fd >= 0 && i < r->virtual_count; i++)
        any = watch_folder(fd, r->virtual_keys[i], 1) || any;
#ifdef HAVE_PCSC
    if (fd >= 0 && r->options.pcsc)
        any = watch_folder(fd, bk_pcsc_socket(), 2) || any;
#endif
    if (fd >= 0 && !any) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

/* Since the caller looked, and before the folders were watched. */
static bool daemon_came(const struct bk_readers *r)
{
#ifdef HAVE_PCSC
    return r->options.pcsc && bk_pcsc_is_there(r->wait);
#else
    (void)r;
    return false;
#endif
}

/* Compared with this list, where they come first. */
static bool virtual_changed(const struct bk_readers *r, const struct bk_reader *list, size_t count)
{
    bool changed = count < r->virtual_count;
#ifdef HAVE_VIRTUAL_KEY
    for (size_t i = 0; !changed && i < r->virtual_count; i++) {
        struct bk_reader now;
        look_at_virtual(r, i, &now);
        changed = now.present != list[i].present;
    }
#else
    (void)list;
#endif
    return changed;
}

static enum bk_err wait_for_folder(struct bk_readers *r, const struct bk_reader *list, size_t count,
                                   unsigned timeout_ms)
{
    enum bk_err err = BK_OK;
    int fd = watch_folders(r);
    struct pollfd fds[2] = {{.fd = r->wake_fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    /* it may have come between the caller's list and the watch */
    bool changed = virtual_changed(r, list, count) || daemon_came(r);
    bk_gate_rest(0);
    if (!changed && poll(fds, fd >= 0 ? 2 : 1, (int)timeout_ms) < 0 && errno != EINTR)
        err = BK_EIO;
    bk_gate_go_on();
    if (fd >= 0)
        (void)close(fd);
    return err;
}

#ifdef HAVE_PCSC
static enum bk_err wait_for_pcsc(struct bk_readers *r, const struct bk_reader *list, size_t count,
                                 unsigned timeout_ms)
{
    struct bk_pcsc_reader known[BK_READERS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < count && n < BK_READERS_MAX; i++) {
        if (list[i].virtual_key)
            continue;
        memcpy(known[n].name, list[i].name, sizeof known[n].name);
        known[n].present = list[i].present;
        known[n].state = list[i].state;
        known[n++].events = list[i].events;
    }
    return bk_pcsc_wait(r->wait, known, n, timeout_ms);
}

/* The daemon can't be waited for together with a folder: beside a virtual key it is done a second
 * at a time. */
static enum bk_err wait_for_both(struct bk_readers *r, const struct bk_reader *list, size_t count,
                                 unsigned timeout_ms)
{
    unsigned slice = r->virtual_count ? SLICE_MS : timeout_ms;
    for (unsigned waited = 0; waited < timeout_ms; waited += slice) {
        if (virtual_changed(r, list, count))
            return BK_OK;
        enum bk_err err = wait_for_pcsc(r, list, count, slice);
        if (err != BK_ETIMEOUT) /* something came, or bk_readers_wake */
            return err;
    }
    return BK_OK;
}
#endif

enum bk_err bk_readers_wait(struct bk_readers *r, const struct bk_reader *list, size_t count,
                            unsigned timeout_ms)
{
    enum bk_err err = BK_ENOKEY;
    uint64_t drained;
#ifdef HAVE_PCSC
    if (r->options.pcsc)
        err = wait_for_both(r, list, count, timeout_ms);
#endif
    if (err == BK_ENOKEY)
        err = wait_for_folder(r, list, count, timeout_ms);
    if (read(r->wake_fd, &drained, sizeof drained) < 0 && errno != EAGAIN)
        err = err ? err : BK_EIO;
    return err;
}

void bk_readers_wake(struct bk_readers *r)
{
    uint64_t one = 1;
    if (write(r->wake_fd, &one, sizeof one) < 0)
        return; /* full: it is awake */
#ifdef HAVE_PCSC
    bk_pcsc_wake(r->wait);
#endif
}

/* --- opening
 * ------------------------------------------------------------------------------------*/

static enum bk_err open_transport(const struct bk_readers *r, const struct bk_reader *reader,
                                  struct bk_transport **t)
{
    (void)r;
#ifdef HAVE_VIRTUAL_KEY
    if (reader->virtual_key)
        return bk_virtual_open(reader->virtual_key, t);
#endif
#ifdef HAVE_PCSC
    struct bk_pcsc_wait wait = {r->options.held_ms, r->options.held_ms, !r->options.no_threads};
    if (reader->at_most_ms && wait.open_ms > reader->at_most_ms)
        wait.open_ms = reader->at_most_ms;
    return bk_pcsc_open(reader->name, &wait, t);
#else
    (void)reader;
    (void)t;
    return BK_ENOKEY;
#endif
}

enum bk_err bk_reader_open(const struct bk_readers *r, const struct bk_reader *reader,
                           struct bk_token **token)
{
    struct bk_transport *t = NULL;
    struct bk_card *card = NULL;
    struct bk_token_options options = r->options.token;
    options.reset_late_ms = reader->virtual_key ? 0 : RESET_LATE_MS;
    enum bk_err err = open_transport(r, reader, &t);
    if (!err && reader_wrap)
        err = reader_wrap(reader_wrap_context, &t);
    if (!err && r->options.trace_fd >= 0)
        err = bk_filter_trace(&t, r->options.trace_fd);
    if (!err)
        err = bk_card_open(&t, r->options.dialect, &card);
    if (!err)
        err = bk_token_new(&card, &options, token);
    bk_card_free(&card);
    bk_transport_close(&t);
    return err;
}

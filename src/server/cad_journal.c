/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cad_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/codec.h"
#include "server/flush.h"

#define PART 65536u
#define TEXT ((size_t)2 * BK_SERIAL_BYTES + 2) /* in hex, with a space before and behind */
#define SLOTS 1024u                            /* at first; a power of two */

struct bk_cad_journal {
    int fd;
    pthread_mutex_t lock;
    struct bk_flush flush;
    uint64_t *slots; /* 8 bytes of each serial number, where they lead or behind it; 0: none */
    size_t size, used;
};

/* --- in memory --- */

/* Of the octets that are random. */
static uint64_t part_of(const uint8_t *serial)
{
    uint64_t v = 0;
    for (int i = 8; i < 16; i++)
        v = v << 8 | serial[i];
    return v ? v : 1;
}

/* The slot that holds it, or the empty one where it belongs. */
static uint64_t *slot_of(uint64_t *slots, size_t size, uint64_t v)
{
    size_t i = (size_t)v & (size - 1);
    while (slots[i] && slots[i] != v)
        i = (i + 1) & (size - 1);
    return &slots[i];
}

static enum bk_err grow(struct bk_cad_journal *j)
{
    size_t size = j->size ? j->size * 2 : SLOTS;
    uint64_t *slots = calloc(size, sizeof *slots);
    if (!slots)
        return BK_ENOMEM;
    for (size_t i = 0; i < j->size; i++)
        if (j->slots[i])
            *slot_of(slots, size, j->slots[i]) = j->slots[i];
    free(j->slots);
    j->slots = slots;
    j->size = size;
    return BK_OK;
}

static enum bk_err remember(struct bk_cad_journal *j, const uint8_t *serial)
{
    uint64_t v = part_of(serial);
    enum bk_err err = (j->used + 1) * 2 > j->size ? grow(j) : BK_OK;
    uint64_t *slot = err == BK_OK ? slot_of(j->slots, j->size, v) : NULL;
    if (slot && !*slot) {
        *slot = v;
        j->used++;
    }
    return err;
}

/* --- the file --- */

/* Calls `take` with each part of the file, which begins with the last `overlap` bytes before it,
 * until it says something else than BK_OK. */
static enum bk_err each_part(int fd, size_t overlap,
                             enum bk_err (*take)(void *context, const uint8_t *at, size_t len),
                             void *context)
{
    struct bk_buf part = BK_BUF_INIT;
    size_t kept = 0;
    off_t at = 0;
    enum bk_err err = bk_buf_put_zero(&part, PART);
    while (err == BK_OK) {
        ssize_t n = pread(fd, part.data + kept, PART - kept, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            err = n < 0 ? BK_EIO : BK_OK;
            break;
        }
        size_t len = kept + (size_t)n;
        err = take(context, part.data, len);
        at += n;
        kept = len < overlap ? len : overlap;
        memmove(part.data, part.data + len - kept, kept);
    }
    bk_buf_free(&part);
    return err;
}

static enum bk_err is_in(void *text, const uint8_t *at, size_t len)
{
    return memmem(at, len, text, TEXT) ? BK_EEXISTS : BK_OK;
}

static enum bk_err search(const struct bk_cad_journal *j, const uint8_t *serial)
{
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = bk_buf_put_u8(&text, ' ');
    if (err == BK_OK)
        err = bk_hex_encode(serial, BK_SERIAL_BYTES, &text);
    if (err == BK_OK)
        err = bk_buf_put_u8(&text, ' ');
    if (err == BK_OK)
        err = each_part(j->fd, TEXT - 1, is_in, text.data);
    bk_buf_free(&text);
    return err;
}

/* Whatever looks like a serial number is one, also in a line that a power cut left unfinished. */
static enum bk_err load_part(void *context, const uint8_t *at, size_t len)
{
    struct bk_cad_journal *j = context;
    enum bk_err err = BK_OK;
    const uint8_t *end = at + len;
    for (const uint8_t *c = at; err == BK_OK && (c = memchr(c, ' ', (size_t)(end - c))); c++) {
        struct bk_buf serial = BK_BUF_INIT;
        if ((size_t)(end - c) < TEXT)
            break;
        if (c[TEXT - 1] == ' ' && bk_hex_decode((const char *)c + 1, TEXT - 2, &serial) == BK_OK &&
            serial.data[0])
            err = remember(j, serial.data);
        bk_buf_free(&serial);
    }
    return err;
}

enum bk_err bk_cad_journal_open(const char *path, struct bk_cad_journal **journal)
{
    struct bk_cad_journal *j = calloc(1, sizeof *j);
    *journal = NULL;
    if (!j)
        return BK_ENOMEM;
    (void)pthread_mutex_init(&j->lock, NULL);
    j->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    bk_flush_init(&j->flush, j->fd);
    enum bk_err err = j->fd < 0 ? BK_EIO : grow(j);
    if (err == BK_OK)
        err = each_part(j->fd, TEXT - 1, load_part, j);
    if (err == BK_OK)
        *journal = j;
    else
        bk_cad_journal_close(&j);
    return err;
}

void bk_cad_journal_close(struct bk_cad_journal **journal)
{
    struct bk_cad_journal *j = *journal;
    *journal = NULL;
    if (!j)
        return;
    if (j->fd >= 0)
        (void)close(j->fd);
    bk_flush_end(&j->flush);
    (void)pthread_mutex_destroy(&j->lock);
    free(j->slots);
    free(j);
}

static enum bk_err put_line(const struct bk_cad_entry *entry, struct bk_buf *lines)
{
    enum bk_err err = bk_buf_printf(lines, "%lld %s %s ", (long long)time(NULL), entry->algorithm,
                                    entry->profile);
    if (err == BK_OK)
        err = bk_hex_encode(entry->serial, BK_SERIAL_BYTES, lines);
    return err == BK_OK ? bk_buf_printf(lines, " %lld\n", (long long)entry->not_after) : err;
}

static enum bk_err check_new(const struct bk_cad_journal *j, const uint8_t *serial)
{
    return *slot_of(j->slots, j->size, part_of(serial)) ? search(j, serial) : BK_OK;
}

void bk_cad_journal_expect(struct bk_cad_journal *j)
{
    bk_flush_expect(&j->flush);
}

void bk_cad_journal_forget(struct bk_cad_journal *j)
{
    bk_flush_forget(&j->flush);
}

enum bk_err bk_cad_journal_add(struct bk_cad_journal *j, const struct bk_cad_entry *entries,
                               size_t count)
{
    struct bk_buf lines = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = i && memcmp(entries[i].serial, entries[i - 1].serial, BK_SERIAL_BYTES) == 0
                  ? BK_EEXISTS
                  : put_line(&entries[i], &lines);
    (void)pthread_mutex_lock(&j->lock);
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = check_new(j, entries[i].serial);
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = remember(j, entries[i].serial);
    if (err == BK_OK && write(j->fd, lines.data, lines.len) != (ssize_t)lines.len)
        err = BK_EIO;
    (void)pthread_mutex_unlock(&j->lock);
    if (err == BK_OK)
        bk_flush_expected(&j->flush);
    else
        bk_flush_forget(&j->flush);
    bk_buf_free(&lines);
    return err;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "token/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "crypto/ctx.h"
#include "token/identity.h"

#define HEAD 12
#define LABEL_HEAD 11
#define CHECK 8
/* No other is ever written: modules that know only this one would take a later one's keys for keys
 * without a record. */
#define RECORD_VERSION 1

static const char magic[4] = {'B', 'J', 'P', '1'};
static const char label_magic[4] = {'B', 'J', 'L', '1'};
static const char *const files[2] = {"BJCAP11A", "BJCAP11B"};

static enum bk_err checksum_good(const void *data, size_t size, bool *good)
{
    uint8_t sum[32];
    enum bk_err err = bk_digest(BK_HASH_SM3, data, size - CHECK, sum);
    *good = !err && memcmp(sum, (const uint8_t *)data + size - CHECK, CHECK) == 0;
    return err;
}

static enum bk_err take_text(struct bk_rd *rd, char *text, size_t max)
{
    uint8_t len = 0;
    enum bk_err err = bk_rd_u8(rd, &len);
    if (!err && (len < 1 || len > max))
        err = BK_EFORMAT;
    if (!err)
        err = bk_rd_copy(rd, text, len);
    if (err)
        return err;
    text[len] = 0;
    return strlen(text) == len ? BK_OK : BK_EFORMAT;
}

static bool label_good(const char *text)
{
    size_t len = strlen(text);
    return len >= 1 && len <= BK_RECORD_LABEL_MAX && bk_text_is_plain(text, len) &&
           !strchr(text, ':');
}

static bool id_good(const char *text)
{
    size_t len = strlen(text);
    return len >= 2 && len <= 2 * BK_ID_LEN && len % 2 == 0 &&
           strspn(text, "0123456789abcdef") == len;
}

static bool is_one(unsigned use, unsigned of, const char *text)
{
    return use <= BK_KEY_SIGNING && of >= BK_LABEL_CERTIFICATE && of <= BK_LABEL_ID &&
           (of == BK_LABEL_ID ? use == BK_KEY_SIGNING && id_good(text) : label_good(text));
}

static bool name_good(const char *name)
{
    size_t len = strlen(name);
    return len >= 1 && len <= BK_RECORD_NAME_MAX && bk_utf8_valid(name, len) && !strchr(name, '~');
}

static enum bk_err take_entry(struct bk_rd *rd, struct bk_record *record)
{
    struct bk_record_entry *e = &record->entries[record->count];
    enum bk_err err = take_text(rd, e->name, BK_RECORD_NAME_MAX);
    if (!err)
        err = bk_rd_u16be(rd, &e->generation);
    if (err)
        return err;
    if (!name_good(e->name) || bk_record_find(record, e->name))
        return BK_EFORMAT;
    record->count++;
    return BK_OK;
}

static enum bk_err take_label(struct bk_rd *rd, struct bk_record *record)
{
    struct bk_record_label *l = &record->labels[record->label_count];
    enum bk_err err = take_text(rd, l->name, BK_RECORD_NAME_MAX);
    if (!err)
        err = bk_rd_u8(rd, &l->use);
    if (!err)
        err = bk_rd_u8(rd, &l->of);
    if (!err)
        err = take_text(rd, l->text, BK_RECORD_LABEL_MAX);
    if (err)
        return err;
    if (!name_good(l->name) || !is_one(l->use, l->of, l->text) ||
        bk_record_label(record, l->name, (enum bk_key_use)l->use, (enum bk_label_of)l->of))
        return BK_EFORMAT;
    record->label_count++;
    return BK_OK;
}

/* Labels of this record, or none: those of another one that stood here are nothing. */
static enum bk_err take_labels(const uint8_t *data, size_t len, struct bk_record *record)
{
    struct bk_record r = *record;
    struct bk_rd rd = bk_rd(data, len);
    char mark[4];
    uint16_t size = 0;
    uint32_t sequence = 0;
    uint8_t count = 0;
    bool good = false;
    if (bk_rd_copy(&rd, mark, sizeof mark) || memcmp(mark, label_magic, sizeof mark) != 0 ||
        bk_rd_u16be(&rd, &size) || bk_rd_u32be(&rd, &sequence) || bk_rd_u8(&rd, &count) ||
        sequence != r.sequence || count > BK_RECORD_LABELS || size < LABEL_HEAD + CHECK ||
        size > len)
        return BK_OK;
    enum bk_err err = checksum_good(data, size, &good);
    if (err || !good)
        return err;
    rd = bk_rd(data + LABEL_HEAD, (size_t)size - LABEL_HEAD - CHECK);
    for (unsigned i = 0; !err && i < count; i++)
        err = take_label(&rd, &r);
    if (!err)
        err = bk_rd_end(&rd);
    if (err)
        return BK_OK;
    r.labelled = true;
    *record = r;
    return BK_OK;
}

enum bk_err bk_record_decode(const void *data, size_t len, struct bk_record *record)
{
    struct bk_record r = {0};
    struct bk_rd rd = bk_rd(data, len);
    char mark[4];
    uint8_t version = 0, count = 0;
    uint16_t size = 0;
    bool good = false;
    enum bk_err err = bk_rd_copy(&rd, mark, sizeof mark);
    if (!err)
        err = bk_rd_u8(&rd, &version);
    if (!err)
        err = bk_rd_u8(&rd, &count);
    if (!err)
        err = bk_rd_u16be(&rd, &size);
    if (!err)
        err = bk_rd_u32be(&rd, &r.sequence);
    if (err || memcmp(mark, magic, sizeof mark) != 0 || size < HEAD + CHECK || size > len ||
        r.sequence == 0)
        return BK_ECORRUPT;
    err = checksum_good(data, size, &good);
    if (err || !good)
        return err ? err : BK_ECORRUPT;
    if (version != RECORD_VERSION) {
        *record = r;
        return BK_EUNSUPPORTED;
    }
    rd = bk_rd((const uint8_t *)data + HEAD, (size_t)size - HEAD - CHECK);
    if (count > BK_RECORD_ENTRIES)
        return BK_ECORRUPT;
    for (unsigned i = 0; !err && i < count; i++)
        err = take_entry(&rd, &r);
    if (!err)
        err = bk_rd_end(&rd);
    if (err)
        return BK_ECORRUPT;
    err = take_labels((const uint8_t *)data + size, len - size, &r);
    if (!err)
        *record = r;
    return err;
}

static enum bk_err put_text(struct bk_buf *out, const char *text)
{
    enum bk_err err = bk_buf_put_u8(out, (uint8_t)strlen(text));
    return err ? err : bk_buf_put_str(out, text);
}

static enum bk_err put_checksum(struct bk_buf *out, size_t from)
{
    uint8_t sum[32];
    enum bk_err err = bk_digest(BK_HASH_SM3, out->data + from, out->len - from, sum);
    return err ? err : bk_buf_put(out, sum, CHECK);
}

static bool has_labels(const struct bk_record *record)
{
    return record->labelled || record->label_count > 0;
}

static size_t labels_size(const struct bk_record *record)
{
    size_t size = LABEL_HEAD + CHECK;
    for (unsigned i = 0; i < record->label_count; i++)
        size += 1 + strlen(record->labels[i].name) + 2 + 1 + strlen(record->labels[i].text);
    return has_labels(record) ? size : 0;
}

static enum bk_err put_labels(const struct bk_record *record, struct bk_buf *out)
{
    size_t from = out->len;
    enum bk_err err = bk_buf_put(out, label_magic, sizeof label_magic);
    if (!err)
        err = bk_buf_put_u16be(out, (uint16_t)labels_size(record));
    if (!err)
        err = bk_buf_put_u32be(out, record->sequence);
    if (!err)
        err = bk_buf_put_u8(out, (uint8_t)record->label_count);
    for (unsigned i = 0; !err && i < record->label_count; i++) {
        const struct bk_record_label *l = &record->labels[i];
        err = put_text(out, l->name);
        if (!err)
            err = bk_buf_put_u8(out, l->use);
        if (!err)
            err = bk_buf_put_u8(out, l->of);
        if (!err)
            err = put_text(out, l->text);
    }
    return err ? err : put_checksum(out, from);
}

static size_t entries_size(const struct bk_record *record)
{
    size_t size = HEAD + CHECK;
    for (unsigned i = 0; i < record->count; i++)
        size += 1 + strlen(record->entries[i].name) + 2;
    return size;
}

enum bk_err bk_record_encode(const struct bk_record *record, struct bk_buf *out)
{
    size_t from = out->len;
    enum bk_err err = bk_buf_put(out, magic, sizeof magic);
    if (!err)
        err = bk_buf_put_u8(out, RECORD_VERSION);
    if (!err)
        err = bk_buf_put_u8(out, (uint8_t)record->count);
    if (!err)
        err = bk_buf_put_u16be(out, (uint16_t)entries_size(record));
    if (!err)
        err = bk_buf_put_u32be(out, record->sequence);
    for (unsigned i = 0; !err && i < record->count; i++) {
        const struct bk_record_entry *e = &record->entries[i];
        err = put_text(out, e->name);
        if (!err)
            err = bk_buf_put_u16be(out, e->generation);
    }
    if (!err)
        err = put_checksum(out, from);
    return err || !has_labels(record) ? err : put_labels(record, out);
}

bool bk_record_fits(const struct bk_record *record)
{
    return entries_size(record) + labels_size(record) <= BK_RECORD_SIZE;
}

const struct bk_record_entry *bk_record_find(const struct bk_record *record, const char *name)
{
    for (unsigned i = 0; i < record->count; i++)
        if (strcmp(record->entries[i].name, name) == 0)
            return &record->entries[i];
    return NULL;
}

enum bk_err bk_record_set(struct bk_record *record, const char *name, unsigned generation)
{
    size_t len = strlen(name);
    if (!name_good(name) || generation > UINT16_MAX)
        return BK_EINVAL;
    for (unsigned i = 0; i < record->count; i++) {
        if (strcmp(record->entries[i].name, name) == 0) {
            record->entries[i].generation = (uint16_t)generation;
            return BK_OK;
        }
    }
    if (record->count == BK_RECORD_ENTRIES)
        return BK_EFULL;
    struct bk_record_entry *e = &record->entries[record->count++];
    memcpy(e->name, name, len + 1);
    e->generation = (uint16_t)generation;
    return BK_OK;
}

/* label_count when there is none. */
static unsigned label_at(const struct bk_record *record, const char *name, enum bk_key_use use,
                         enum bk_label_of of)
{
    unsigned i = 0;
    for (; i < record->label_count; i++) {
        const struct bk_record_label *l = &record->labels[i];
        if (l->use == use && l->of == of && strcmp(l->name, name) == 0)
            break;
    }
    return i;
}

const char *bk_record_label(const struct bk_record *record, const char *name, enum bk_key_use use,
                            enum bk_label_of of)
{
    unsigned i = label_at(record, name, use, of);
    return i < record->label_count ? record->labels[i].text : NULL;
}

enum bk_err bk_record_set_label(struct bk_record *record, const char *name, enum bk_key_use use,
                                enum bk_label_of of, const char *text)
{
    unsigned at = label_at(record, name, use, of);
    bool is_new = at == record->label_count;
    struct bk_record_label *l = &record->labels[at];
    if (!name_good(name) || (text && !is_one(use, of, text)))
        return BK_EINVAL;
    if (!text) {
        if (!is_new)
            *l = record->labels[--record->label_count];
        return BK_OK;
    }
    if (at == BK_RECORD_LABELS)
        return BK_EFULL;
    record->label_count += is_new;
    memset(l, 0, sizeof *l);
    memcpy(l->name, name, strlen(name));
    memcpy(l->text, text, strlen(text));
    l->use = (uint8_t)use;
    l->of = (uint8_t)of;
    return BK_OK;
}

static void take_record(struct bk_records *records, int i, const struct bk_record *r, bool unknown)
{
    if (r->sequence >= records->newest) {
        records->newest = r->sequence;
        records->unknown = unknown;
        records->last = i;
    }
    if (!unknown && (records->which < 0 || r->sequence > records->rules.sequence)) {
        records->rules = *r;
        records->which = i;
    }
}

/* Where a cut, or a module that knows no labels, has left the newest record without: those of the
 * record before it. */
static void find_labels(struct bk_records *records, const struct bk_record *before)
{
    struct bk_record *r = &records->rules;
    if (r->labelled || !before->labelled || before->sequence + 1 != r->sequence)
        return;
    memcpy(r->labels, before->labels, sizeof r->labels);
    r->label_count = before->label_count;
    r->labelled = true;
}

static void take_head(struct bk_records *records, int i, const struct bk_buf *file)
{
    size_t len = file->len < BK_RECORD_HEAD ? file->len : BK_RECORD_HEAD;
    if (len)
        memcpy(records->head[i].bytes, file->data, len);
    records->head[i].len = len;
}

enum bk_err bk_records_same(struct bk_card *card, const struct bk_records *records, bool *same)
{
    struct bk_buf data = BK_BUF_INIT;
    int i = records->last == 0 ? 1 : 0;
    *same = false;
    if (!records->read)
        return BK_OK;
    enum bk_err err = bk_card_read_file(card, files[i], 0, BK_RECORD_HEAD, false, &data);
    if (err == BK_ENOTFOUND || err == BK_EUNSUPPORTED)
        err = BK_OK;
    if (!err)
        *same = data.len == records->head[i].len &&
                (!data.len || memcmp(data.data, records->head[i].bytes, data.len) == 0);
    bk_buf_free(&data);
    return err;
}

enum bk_err bk_records_read(struct bk_card *card, struct bk_records *records)
{
    struct bk_buf data = BK_BUF_INIT;
    struct bk_record both[2] = {0};
    enum bk_err err = BK_OK;
    memset(records, 0, sizeof *records);
    records->which = records->last = -1;
    for (int i = 0; !err && i < 2; i++) {
        err = bk_card_read_file(card, files[i], 0, BK_RECORD_SIZE, false, &data);
        records->exists[i] = !err;
        if (err == BK_ENOTFOUND || err == BK_EUNSUPPORTED) {
            err = BK_OK;
            continue;
        }
        if (err)
            break;
        take_head(records, i, &data);
        enum bk_err bad = bk_record_decode(data.data, data.len, &both[i]);
        if (bad && bad != BK_ECORRUPT && bad != BK_EUNSUPPORTED)
            err = bad;
        else if (bad != BK_ECORRUPT)
            take_record(records, i, &both[i], bad == BK_EUNSUPPORTED);
    }
    if (!err && records->which >= 0)
        find_labels(records, &both[1 - records->which]);
    records->read = !err;
    bk_buf_free(&data);
    return err;
}

static enum bk_err make_file(struct bk_card *card, struct bk_records *records, int i)
{
    if (records->exists[i])
        return BK_OK;
    enum bk_err err =
        bk_card_create_file(card, files[i], BK_RECORD_SIZE, BK_RIGHT_ANYONE, BK_RIGHT_USER);
    records->exists[i] = !err || err == BK_EEXISTS;
    return records->exists[i] ? BK_OK : err;
}

/* One that nobody has read a head with: not that of a record that a cut has torn, whose head is the
 * same. A key's first is by chance, so that one that was erased and made anew is another one. */
static uint32_t next_number(const struct bk_records *records, int to)
{
    uint32_t next = records->rules.sequence + 1, torn = 0;
    struct bk_rd rd = bk_rd(records->head[to].bytes + 8, 4);
    uint8_t chance[3];
    if (!records->newest && bk_random(chance, sizeof chance) == BK_OK)
        next += (uint32_t)chance[0] << 16 | (uint32_t)chance[1] << 8 | chance[2];
    if (records->head[to].len == BK_RECORD_HEAD && bk_rd_u32be(&rd, &torn) == BK_OK && torn == next)
        next++;
    return next;
}

enum bk_err bk_records_write(struct bk_card *card, struct bk_records *records,
                             const struct bk_record *next)
{
    struct bk_buf bytes = BK_BUF_INIT, back = BK_BUF_INIT;
    struct bk_record record = *next;
    int to = records->which == 0 ? 1 : 0;
    record.sequence = next_number(records, to);
    record.labelled = has_labels(next) || records->rules.labelled;
    enum bk_err err = !records->read ? BK_ESTATE : records->unknown ? BK_EUNSUPPORTED : BK_OK;
    if (!err && !bk_record_fits(&record))
        err = BK_EFULL;
    if (!err)
        err = bk_record_encode(&record, &bytes);
    /* both at once, so that no later renewal finds the key too full for its second one */
    if (!err)
        err = make_file(card, records, to);
    if (!err)
        err = make_file(card, records, 1 - to);
    if (!err)
        err = bk_card_write_file(card, files[to], 0, bytes.data, bytes.len, false);
    if (!err)
        err = bk_card_read_file(card, files[to], 0, (unsigned)bytes.len, false, &back);
    if (!err && (back.len != bytes.len || memcmp(back.data, bytes.data, bytes.len) != 0))
        err = BK_EVERIFY;
    if (!err) {
        records->rules = record;
        records->newest = record.sequence;
        records->which = records->last = to;
        take_head(records, to, &bytes);
    }
    bk_buf_free(&bytes);
    bk_buf_free(&back);
    return err;
}

/* FNV-1a: nobody is kept from making two that are the same, but for his own key. */
static uint64_t sum_of(const char *text)
{
    uint64_t sum = 0xcbf29ce484222325;
    while (*text)
        sum = (sum ^ (unsigned char)*text++) * 0x100000001b3;
    return sum;
}

static void show_bytes(const char *full, char *name)
{
    size_t len = strnlen(full, BK_CARD_NAME_MAX), n = len > 31 ? 23 : len;
    *name++ = '%';
    for (size_t i = 0; i < n; i++, name += 2)
        (void)snprintf(name, 3, "%02x", (unsigned)(unsigned char)full[i]);
    if (n < len)
        (void)snprintf(name, 18, ".%016" PRIx64, sum_of(full));
}

void bk_generation_split(const char *full, char *name, unsigned *generation)
{
    const char *mark = strrchr(full, '~');
    unsigned long n = 0;
    bool good = mark && mark != full && mark[1] >= '1' && mark[1] <= '9';
    for (const char *at = mark ? mark + 1 : ""; good && *at; at++) {
        good = *at >= '0' && *at <= '9';
        n = n * 10 + (unsigned long)(*at - '0');
        good = good && n <= UINT16_MAX;
    }
    /* a ~ in what would be the name can't stand in a record */
    good = good && memchr(full, '~', (size_t)(mark - full)) == NULL;
    size_t len = good ? (size_t)(mark - full) : strnlen(full, BK_CARD_NAME_MAX);
    memcpy(name, full, len);
    name[len] = 0;
    *generation = good ? (unsigned)n : 0;
    bool plain = bk_text_is_plain(full, strlen(full));
    if (!plain)
        *generation = 0;
    if (!plain || (*full == '%' && !*generation))
        show_bytes(full, name);
}

enum bk_err bk_generation_join(const char *name, unsigned generation,
                               char full[BK_CARD_NAME_MAX + 1])
{
    int n = generation ? snprintf(full, BK_CARD_NAME_MAX + 1, "%s~%u", name, generation)
                       : snprintf(full, BK_CARD_NAME_MAX + 1, "%s", name);
    return n > 0 && n <= BK_CARD_NAME_MAX ? BK_OK : BK_ELIMIT;
}

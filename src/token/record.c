/* SPDX-License-Identifier: Apache-2.0 */
#include "token/record.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"

#define HEAD 12
#define CHECK 8

static const char magic[4] = {'B', 'J', 'P', '1'};
static const char *const files[2] = {"BJCAP11A", "BJCAP11B"};

static enum bk_err take_entry(struct bk_rd *rd, struct bk_record *record)
{
    struct bk_record_entry *e = &record->entries[record->count];
    uint8_t len = 0;
    enum bk_err err = bk_rd_u8(rd, &len);
    if (!err && (len < 1 || len > BK_RECORD_NAME_MAX))
        err = BK_EFORMAT;
    if (!err)
        err = bk_rd_copy(rd, e->name, len);
    if (!err)
        err = bk_rd_u16be(rd, &e->generation);
    if (err)
        return err;
    e->name[len] = 0;
    if (!bk_utf8_valid(e->name, len) || memchr(e->name, '~', len) ||
        bk_record_find(record, e->name))
        return BK_EFORMAT;
    record->count++;
    return BK_OK;
}

enum bk_err bk_record_decode(const void *data, size_t len, struct bk_record *record)
{
    struct bk_record r = {0};
    struct bk_rd rd = bk_rd(data, len);
    char mark[4];
    uint8_t version = 0, count = 0, sum[32];
    uint16_t size = 0;
    enum bk_err err = bk_rd_copy(&rd, mark, sizeof mark);
    if (!err)
        err = bk_rd_u8(&rd, &version);
    if (!err)
        err = bk_rd_u8(&rd, &count);
    if (!err)
        err = bk_rd_u16be(&rd, &size);
    if (!err)
        err = bk_rd_u32be(&rd, &r.sequence);
    if (err || memcmp(mark, magic, sizeof mark) != 0 || version != 1 ||
        count > BK_RECORD_ENTRIES || size < HEAD + CHECK || size > len || r.sequence == 0)
        return BK_ECORRUPT;
    err = bk_digest(BK_HASH_SM3, data, (size_t)size - CHECK, sum);
    if (err)
        return err;
    if (memcmp(sum, (const uint8_t *)data + size - CHECK, CHECK) != 0)
        return BK_ECORRUPT;
    rd = bk_rd((const uint8_t *)data + HEAD, (size_t)size - HEAD - CHECK);
    for (unsigned i = 0; !err && i < count; i++)
        err = take_entry(&rd, &r);
    if (!err)
        err = bk_rd_end(&rd);
    if (err)
        return BK_ECORRUPT;
    *record = r;
    return BK_OK;
}

enum bk_err bk_record_encode(const struct bk_record *record, struct bk_buf *out)
{
    struct bk_buf body = BK_BUF_INIT;
    uint8_t sum[32];
    enum bk_err err = BK_OK;
    for (unsigned i = 0; !err && i < record->count; i++) {
        const struct bk_record_entry *e = &record->entries[i];
        err = bk_buf_put_u8(&body, (uint8_t)strlen(e->name));
        if (!err)
            err = bk_buf_put_str(&body, e->name);
        if (!err)
            err = bk_buf_put_u16be(&body, e->generation);
    }
    size_t from = out->len;
    if (!err)
        err = bk_buf_put(out, magic, sizeof magic);
    if (!err)
        err = bk_buf_put_u8(out, 1);
    if (!err)
        err = bk_buf_put_u8(out, (uint8_t)record->count);
    if (!err)
        err = bk_buf_put_u16be(out, (uint16_t)(HEAD + body.len + CHECK));
    if (!err)
        err = bk_buf_put_u32be(out, record->sequence);
    if (!err)
        err = bk_buf_put(out, body.data, body.len);
    if (!err)
        err = bk_digest(BK_HASH_SM3, out->data + from, out->len - from, sum);
    if (!err)
        err = bk_buf_put(out, sum, CHECK);
    bk_buf_free(&body);
    return err;
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
    if (len < 1 || len > BK_RECORD_NAME_MAX || strchr(name, '~') || generation > UINT16_MAX)
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

enum bk_err bk_records_read(struct bk_card *card, struct bk_records *records)
{
    struct bk_buf data = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    memset(records, 0, sizeof *records);
    records->which = -1;
    for (int i = 0; !err && i < 2; i++) {
        struct bk_record r;
        err = bk_card_read_file(card, files[i], 0, BK_RECORD_SIZE, &data);
        records->exists[i] = !err;
        if (err == BK_ENOTFOUND || err == BK_EUNSUPPORTED) {
            err = BK_OK;
            continue;
        }
        if (err)
            break;
        enum bk_err bad = bk_record_decode(data.data, data.len, &r);
        if (bad && bad != BK_ECORRUPT)
            err = bad;
        if (!bad && (records->which < 0 || r.sequence > records->rules.sequence)) {
            records->rules = r;
            records->which = i;
        }
    }
    bk_buf_free(&data);
    return err;
}

static enum bk_err make_file(struct bk_card *card, struct bk_records *records, int i)
{
    if (records->exists[i])
        return BK_OK;
    enum bk_err err = bk_card_create_file(card, files[i], BK_RECORD_SIZE, BK_RIGHT_ANYONE,
                                          BK_RIGHT_USER);
    records->exists[i] = !err || err == BK_EEXISTS;
    return records->exists[i] ? BK_OK : err;
}

enum bk_err bk_records_write(struct bk_card *card, struct bk_records *records,
                             const struct bk_record *next)
{
    struct bk_buf bytes = BK_BUF_INIT, back = BK_BUF_INIT;
    struct bk_record record = *next;
    int to = records->which == 0 ? 1 : 0;
    record.sequence = records->rules.sequence + 1;
    /* both at once, so that no later renewal finds the key too full for its second one */
    enum bk_err err = make_file(card, records, to);
    if (!err)
        err = make_file(card, records, 1 - to);
    if (!err)
        err = bk_record_encode(&record, &bytes);
    if (!err)
        err = bk_card_write_file(card, files[to], 0, bytes.data, bytes.len);
    if (!err)
        err = bk_card_read_file(card, files[to], 0, (unsigned)bytes.len, &back);
    if (!err && (back.len != bytes.len || memcmp(back.data, bytes.data, bytes.len) != 0))
        err = BK_EVERIFY;
    if (!err) {
        records->rules = record;
        records->which = to;
    }
    bk_buf_free(&bytes);
    bk_buf_free(&back);
    return err;
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
}

enum bk_err bk_generation_join(const char *name, unsigned generation,
                               char full[BK_CARD_NAME_MAX + 1])
{
    int n = generation ? snprintf(full, BK_CARD_NAME_MAX + 1, "%s~%u", name, generation)
                       : snprintf(full, BK_CARD_NAME_MAX + 1, "%s", name);
    return n > 0 && n <= BK_CARD_NAME_MAX ? BK_OK : BK_ELIMIT;
}

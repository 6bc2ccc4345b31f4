/* SPDX-License-Identifier: Apache-2.0 */
#include "server/audit.h"

#include <string.h>

#include "crypto/digest.h"
#include "server/ident.h"

#define STEP 500 /* entries that are read at once */

static enum bk_err put_text(struct bk_buf *buf, const char *text)
{
    size_t len = strlen(text);
    enum bk_err err = bk_buf_put_u32be(buf, (uint32_t)len);
    return err == BK_OK ? bk_buf_put(buf, text, len) : err;
}

enum bk_err bk_audit_hash(int64_t seq, int64_t at, const struct bk_audit *entry,
                          const uint8_t before[BK_AUDIT_HASH], uint8_t hash[BK_AUDIT_HASH])
{
    struct bk_buf buf = BK_BUF_INIT;
    const char *const texts[] = {entry->actor, entry->address, entry->action, entry->object,
                                 entry->detail};
    enum bk_err err = bk_buf_put(&buf, "BJA1", 4);
    if (err == BK_OK)
        err = bk_buf_put(&buf, before, BK_AUDIT_HASH);
    if (err == BK_OK)
        err = bk_buf_put_u64be(&buf, (uint64_t)seq);
    if (err == BK_OK)
        err = bk_buf_put_u64be(&buf, (uint64_t)at);
    for (size_t i = 0; err == BK_OK && i < sizeof texts / sizeof *texts; i++)
        err = put_text(&buf, texts[i]);
    if (err == BK_OK)
        err = bk_digest(BK_HASH_SM3, buf.data, buf.len, hash);
    bk_buf_free(&buf);
    return err;
}

/* The last entry, which in a transaction is read once: what comes behind it is the transaction's.
 */
static enum bk_err find_last(struct bk_tx *tx, struct bk_tx_audit *last)
{
    struct bk_rows rows = BK_ROWS_INIT;
    if (last->seq)
        return BK_OK;
    enum bk_err err =
        bk_tx_query(tx, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", BK_NO_VALS, &rows);
    if (err == BK_OK && rows.count) {
        struct bk_rd rd = bk_row_bytes(&rows, 0, 1);
        err = bk_rd_copy(&rd, last->hash, sizeof last->hash) == BK_OK ? BK_OK : BK_ECORRUPT;
    }
    if (err == BK_OK && rows.count)
        last->seq = bk_row_int(&rows, 0, 0);
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_audit_add(struct bk_tx *tx, const struct bk_audit *entry)
{
    struct bk_tx_audit *last = bk_tx_audit(tx);
    struct bk_tx_audit next;
    enum bk_err err = find_last(tx, last);
    int64_t at =
        bk_now_ms(); /* behind the first thing that is asked, which may wait for its turn */
    next.seq = last->seq + 1;
    if (err == BK_OK)
        err = bk_audit_hash(next.seq, at, entry, last->hash, next.hash);
    /* two writers at once would take the same number: the second is refused and begins again */
    if (err == BK_OK)
        err = bk_tx_write(tx, BK_IS_NEW,
                          "INSERT INTO audit (seq, at, actor, address, action, object, detail,"
                          " before_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                          BK_VALS(bk_int(next.seq), bk_int(at), bk_text(entry->actor),
                                  bk_text(entry->address), bk_text(entry->action),
                                  bk_text(entry->object), bk_text(entry->detail),
                                  bk_bytes(last->hash, sizeof last->hash),
                                  bk_bytes(next.hash, sizeof next.hash)));
    if (err == BK_OK)
        *last = next;
    return err;
}

_Static_assert(BK_TX_HASH == BK_AUDIT_HASH, "the transaction keeps such a hash");

static enum bk_err check_entry(const struct bk_rows *rows, size_t i, int64_t seq,
                               uint8_t head[BK_AUDIT_HASH])
{
    const struct bk_audit entry = {.actor = bk_row_text(rows, i, 2),
                                   .address = bk_row_text(rows, i, 3),
                                   .action = bk_row_text(rows, i, 4),
                                   .object = bk_row_text(rows, i, 5),
                                   .detail = bk_row_text(rows, i, 6)};
    uint8_t hash[BK_AUDIT_HASH];
    struct bk_rd stored = bk_row_bytes(rows, i, 8);
    struct bk_rd before = bk_row_bytes(rows, i, 7);
    if (bk_row_int(rows, i, 0) != seq || stored.left != sizeof hash || before.left != sizeof hash ||
        memcmp(before.at, head, sizeof hash) != 0)
        return BK_EVERIFY;
    enum bk_err err = bk_audit_hash(seq, bk_row_int(rows, i, 1), &entry, head, hash);
    if (err == BK_OK && memcmp(stored.at, hash, sizeof hash) != 0)
        err = BK_EVERIFY;
    if (err == BK_OK)
        memcpy(head, hash, sizeof hash);
    return err;
}

static enum bk_err read_head(struct bk_tx *tx, int64_t seq, uint8_t head[BK_AUDIT_HASH])
{
    struct bk_rows row = BK_ROWS_INIT;
    memset(head, 0, BK_AUDIT_HASH);
    if (!seq)
        return BK_OK;
    enum bk_err err =
        bk_tx_get(tx, "SELECT hash FROM audit WHERE seq = $1", BK_VALS(bk_int(seq)), &row);
    struct bk_rd rd = err == BK_OK ? bk_row_bytes(&row, 0, 0) : bk_rd(NULL, 0);
    if (err == BK_OK && rd.left != BK_AUDIT_HASH)
        err = BK_EVERIFY;
    if (err == BK_OK)
        err = bk_rd_copy(&rd, head, BK_AUDIT_HASH);
    bk_rows_free(&row);
    return err;
}

enum bk_err bk_audit_verify_part(struct bk_tx *tx, int64_t after, int64_t count, int64_t *seq,
                                 uint8_t head[BK_AUDIT_HASH])
{
    struct bk_rows rows = BK_ROWS_INIT;
    int64_t last = after, end = after > INT64_MAX - count ? INT64_MAX : after + count;
    enum bk_err err = read_head(tx, after, head);
    while (err == BK_OK && last < end) {
        /* no upper bound: a gap is found by what comes behind it */
        err = bk_tx_query(tx,
                          "SELECT seq, at, actor, address, action, object, detail, before_hash,"
                          " hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
                          BK_VALS(bk_int(last), bk_int(end - last < STEP ? end - last : STEP)),
                          &rows);
        for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
            err = check_entry(&rows, i, last + 1, head);
            last++;
        }
        if (!rows.count)
            break;
    }
    *seq = last;
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_audit_verify(struct bk_tx *tx, int64_t *seq, uint8_t head[BK_AUDIT_HASH])
{
    return bk_audit_verify_part(tx, 0, INT64_MAX, seq, head);
}

enum bk_err bk_audit_list(struct bk_tx *tx, const struct bk_audit_filter *filter, int64_t before,
                          struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT seq, at, actor, address, action, object, detail FROM audit"
                       " WHERE seq < $1 AND substr(actor, 1, length($2)) = $2"
                       " AND substr(action, 1, length($3)) = $3"
                       " AND substr(object, 1, length($4)) = $4 ORDER BY seq DESC LIMIT $5",
                       BK_VALS(bk_int(before), bk_text(filter->actor), bk_text(filter->action),
                               bk_text(filter->object), bk_int(BK_AUDIT_PAGE)),
                       rows);
}

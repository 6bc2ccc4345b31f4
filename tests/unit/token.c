/* SPDX-License-Identifier: Apache-2.0 */
/* What the token layer writes and reads: generation records, saved certificates, unlock messages,
 * names that stay. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/tlv.h"
#include "runner.h"
#include "script.h"
#include "token/data.h"
#include "token/identity.h"
#include "token/key.h"
#include "token/reader.h"
#include "token/record.h"
#include "token/renew.h"
#include "token/unlock_msg.h"
#include "transport/virtual.h"
#include "vkey/vkey.h"

/* --- records
 * ------------------------------------------------------------------------------------*/

static void make_record(struct bk_record *r)
{
    memset(r, 0, sizeof *r);
    r->sequence = 7;
    ck_assert_int_eq(bk_record_set(r, "personalCert00", 3), BK_OK);
    ck_assert_int_eq(bk_record_set(r, "企业证书", 1), BK_OK);
}

/* docs/formats.md clause 1, by hand. */
START_TEST(a_record_byte_by_byte)
{
    static const uint8_t want[] = {'B', 'J', 'P', '1', 1,   2,   0,   52,  0,    0,    0,
                                   7,   14,  'p', 'e', 'r', 's', 'o', 'n', 'a',  'l',  'C',
                                   'e', 'r', 't', '0', '0', 0,   3,   12,  0xe4, 0xbc, 0x81};
    struct bk_record r, back;
    struct bk_buf out = BK_BUF_INIT;
    make_record(&r);
    ck_assert_int_eq(bk_record_encode(&r, &out), BK_OK);
    ck_assert_uint_eq(out.len, 12 + 17 + 15 + 8);
    ck_assert_mem_eq(out.data, want, sizeof want);
    uint8_t sum[32];
    ck_assert_int_eq(bk_digest(BK_HASH_SM3, out.data, out.len - 8, sum), BK_OK);
    ck_assert_mem_eq(out.data + out.len - 8, sum, 8);
    ck_assert_int_eq(bk_buf_put_zero(&out, 100), BK_OK); /* bytes behind it mean nothing */
    ck_assert_int_eq(bk_record_decode(out.data, out.len, &back), BK_OK);
    ck_assert_uint_eq(back.sequence, 7);
    ck_assert_uint_eq(bk_record_find(&back, "personalCert00")->generation, 3);
    ck_assert_uint_eq(bk_record_find(&back, "企业证书")->generation, 1);
    ck_assert_ptr_null(bk_record_find(&back, "personalCert01"));
    bk_buf_free(&out);
}
END_TEST

START_TEST(a_torn_or_changed_record_is_none)
{
    struct bk_record r, back;
    struct bk_buf out = BK_BUF_INIT;
    make_record(&r);
    ck_assert_int_eq(bk_record_encode(&r, &out), BK_OK);
    for (size_t n = 0; n < out.len; n++)
        ck_assert_int_eq(bk_record_decode(out.data, n, &back), BK_ECORRUPT);
    for (size_t bit = 0; bit < out.len * 8; bit++) {
        out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_int_eq(bk_record_decode(out.data, out.len, &back), BK_ECORRUPT);
        out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    bk_buf_free(&out);
}
END_TEST

START_TEST(a_record_has_sixteen_entries_at_most)
{
    struct bk_record r = {.sequence = 1};
    char name[] = "container-a";
    for (int i = 0; i < 16; i++, name[10]++)
        ck_assert_int_eq(bk_record_set(&r, name, 1), BK_OK);
    ck_assert_int_eq(bk_record_set(&r, name, 1), BK_EFULL);
    ck_assert_int_eq(bk_record_set(&r, "container-a", 2), BK_OK);
    ck_assert_int_eq(bk_record_set(&r, "a~1", 2), BK_EINVAL);
    ck_assert_int_eq(bk_record_set(&r, "", 2), BK_EINVAL);
    ck_assert_int_eq(bk_record_set(&r, "container-a", 65536), BK_EINVAL);
}
END_TEST

/* docs/formats.md clause 1: behind the record, where a reader that knows no labels looks no more.
 */
START_TEST(labels_byte_by_byte)
{
    static const uint8_t want[] = {'B', 'J', 'L', '1', 0, 27, 0,   0,   0,  7,
                                   1,   1,   'a', 1,   1, 3,  'x', ' ', 'y'};
    struct bk_record r = {.sequence = 7}, back;
    struct bk_buf out = BK_BUF_INIT, plain = BK_BUF_INIT;
    uint8_t sum[32];
    ck_assert_int_eq(bk_record_set(&r, "a", 2), BK_OK);
    ck_assert_int_eq(bk_record_encode(&r, &plain), BK_OK);
    ck_assert_int_eq(bk_record_set_label(&r, "a", BK_KEY_SIGNING, BK_LABEL_CERTIFICATE, "x y"),
                     BK_OK);
    ck_assert(bk_record_fits(&r));
    ck_assert_int_eq(bk_record_encode(&r, &out), BK_OK);
    ck_assert_uint_eq(plain.len, 12 + 4 + 8);
    ck_assert_uint_eq(out.len, plain.len + sizeof want + 8);
    ck_assert_mem_eq(out.data, plain.data, plain.len);
    ck_assert_mem_eq(out.data + plain.len, want, sizeof want);
    ck_assert_int_eq(bk_digest(BK_HASH_SM3, want, sizeof want, sum), BK_OK);
    ck_assert_mem_eq(out.data + plain.len + sizeof want, sum, 8);
    ck_assert_int_eq(bk_record_decode(out.data, out.len, &back), BK_OK);
    ck_assert_str_eq(bk_record_label(&back, "a", BK_KEY_SIGNING, BK_LABEL_CERTIFICATE), "x y");
    ck_assert_ptr_null(bk_record_label(&back, "a", BK_KEY_SIGNING, BK_LABEL_PRIVATE));
    ck_assert_ptr_null(bk_record_label(&back, "a", BK_KEY_ENCRYPTION, BK_LABEL_CERTIFICATE));
    /* torn or changed there are none, the generations stay */
    for (size_t bit = plain.len * 8; bit < out.len * 8; bit++) {
        out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_int_eq(bk_record_decode(out.data, out.len, &back), BK_OK);
        ck_assert_int_eq(bk_record_decode(out.data, bit / 8, &back), BK_OK);
        ck_assert_uint_eq(back.label_count, 0);
        ck_assert(!back.labelled);
        ck_assert_uint_eq(bk_record_find(&back, "a")->generation, 2);
        out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    bk_buf_free(&plain);
    bk_buf_free(&out);
}
END_TEST

/* Who knows no labels writes its record over ours, and leaves what stood behind it. */
START_TEST(labels_of_another_record_are_none)
{
    struct bk_record r = {.sequence = 7}, back;
    struct bk_buf old = BK_BUF_INIT, out = BK_BUF_INIT;
    ck_assert_int_eq(bk_record_set(&r, "a", 2), BK_OK);
    ck_assert_int_eq(bk_record_set_label(&r, "a", BK_KEY_SIGNING, BK_LABEL_PUBLIC, "x"), BK_OK);
    ck_assert_int_eq(bk_record_encode(&r, &old), BK_OK);
    r = (struct bk_record){.sequence = 9};
    ck_assert_int_eq(bk_record_set(&r, "a", 3), BK_OK);
    ck_assert_int_eq(bk_record_encode(&r, &out), BK_OK);
    ck_assert_uint_eq(out.len, 24);
    ck_assert_int_eq(bk_buf_put(&out, old.data + 24, old.len - 24), BK_OK);
    ck_assert_int_eq(bk_record_decode(out.data, out.len, &back), BK_OK);
    ck_assert_uint_eq(back.sequence, 9);
    ck_assert_uint_eq(back.label_count, 0);
    bk_buf_free(&old);
    bk_buf_free(&out);
}
END_TEST

/* One that is whole and of a version nobody here knows isn't no record. */
START_TEST(a_later_record_is_no_torn_one)
{
    struct bk_record r, back;
    struct bk_buf out = BK_BUF_INIT;
    uint8_t sum[32];
    make_record(&r);
    ck_assert_int_eq(bk_record_encode(&r, &out), BK_OK);
    out.data[4] = 2;
    out.data[5] = 200; /* whatever that means then */
    ck_assert_int_eq(bk_record_decode(out.data, out.len, &back), BK_ECORRUPT);
    ck_assert_int_eq(bk_digest(BK_HASH_SM3, out.data, out.len - 8, sum), BK_OK);
    memcpy(out.data + out.len - 8, sum, 8);
    ck_assert_int_eq(bk_record_decode(out.data, out.len, &back), BK_EUNSUPPORTED);
    ck_assert_uint_eq(back.sequence, 7);
    bk_buf_free(&out);
}
END_TEST

START_TEST(labels_have_bounds)
{
    static const char *const bad[] = {"", "a:b", "a\nb", "\x7f", "\xff"};
    struct bk_record r = {.sequence = 1};
    char name[] = "name-A", text[66];
    memset(text, 'x', sizeof text);
    text[65] = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(bk_record_set_label(&r, "a", BK_KEY_SIGNING, BK_LABEL_PUBLIC, bad[i]),
                         BK_EINVAL);
    ck_assert_int_eq(bk_record_set_label(&r, "a", BK_KEY_SIGNING, BK_LABEL_PUBLIC, text),
                     BK_EINVAL);
    ck_assert_int_eq(bk_record_set_label(&r, "a~1", BK_KEY_SIGNING, BK_LABEL_PUBLIC, "x"),
                     BK_EINVAL);
    text[64] = 0;
    for (int i = 0; i < BK_RECORD_LABELS; i++, name[5]++)
        ck_assert_int_eq(bk_record_set_label(&r, name, BK_KEY_SIGNING, BK_LABEL_PUBLIC, text),
                         BK_OK);
    ck_assert_int_eq(bk_record_set_label(&r, "more", BK_KEY_SIGNING, BK_LABEL_PUBLIC, "x"),
                     BK_EFULL);
    ck_assert_int_eq(bk_record_set_label(&r, "name-A", BK_KEY_SIGNING, BK_LABEL_PUBLIC, "x"),
                     BK_OK);
    ck_assert(!bk_record_fits(&r));
}
END_TEST

/* docs/formats.md clause 9, by hand. */
START_TEST(a_data_object_byte_by_byte)
{
    static const uint8_t want[] = {'B', 'J', 'D', '1', 0, 38, 1,   2, 3, 4, 5, 6, 7, 8,   0,
                                   0,   0,   9,   1,   0, 1,  'l', 0, 0, 0, 0, 0, 2, 'v', 'w'};
    struct bk_data d = {.id = {1, 2, 3, 4, 5, 6, 7, 8}, .version = 9, .flags = BK_DATA_PRIVATE};
    struct bk_data *back = NULL;
    struct bk_buf out = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put_str(&d.label, "l"), BK_OK);
    ck_assert_int_eq(bk_buf_put_str(&d.value, "vw"), BK_OK);
    ck_assert_int_eq(bk_data_encode(&d, &out), BK_OK);
    ck_assert_uint_eq(out.len, sizeof want + 8);
    ck_assert_mem_eq(out.data, want, sizeof want);
    for (size_t n = 0; n < out.len; n++)
        ck_assert_int_eq(bk_data_decode(out.data, n, &back), BK_ECORRUPT);
    for (size_t bit = 0; bit < out.len * 8; bit++) {
        out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_int_eq(bk_data_decode(out.data, out.len, &back), BK_ECORRUPT);
        out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    ck_assert_int_eq(bk_data_decode(out.data, out.len, &back), BK_OK);
    ck_assert(back->version == 9 && back->value.len == 2 && back->label.len == 1);
    bk_data_free(&back);
    ck_assert_int_eq(bk_buf_put_zero(&d.value, 65536), BK_OK);
    ck_assert_int_eq(bk_data_encode(&d, &out), BK_ELIMIT);
    bk_buf_free(&d.label);
    bk_buf_free(&d.value);
    bk_buf_free(&out);
}
END_TEST

START_TEST(generations_in_names)
{
    static const struct {
        const char *full, *name;
        unsigned generation;
    } all[] = {{"a", "a", 0},           {"a~1", "a", 1},
               {"a~65535", "a", 65535}, {"a~65536", "a~65536", 0},
               {"a~0", "a~0", 0},       {"a~01", "a~01", 0},
               {"a~", "a~", 0},         {"~1", "~1", 0},
               {"a~b~1", "a~b~1", 0},   {"a~1x", "a~1x", 0}};
    char name[BK_CARD_NAME_MAX + 1], full[BK_CARD_NAME_MAX + 1];
    unsigned generation = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bk_generation_split(all[i].full, name, &generation);
        ck_assert_str_eq(name, all[i].name);
        ck_assert_uint_eq(generation, all[i].generation);
        ck_assert_int_eq(bk_generation_join(name, generation, full), BK_OK);
        ck_assert_str_eq(full, all[i].full);
    }
    memset(name, 'x', 63);
    name[63] = 0;
    ck_assert_int_eq(bk_generation_join(name, 1, full), BK_ELIMIT);
}
END_TEST

START_TEST(saved_certificates_come_back_whole_or_not_at_all)
{
    struct bk_pending p = {.name = "personalCert00", .generation = 2}, *back = NULL;
    struct bk_buf out = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put(&p.new_cert[BK_KEY_SIGNING], "new-s", 5), BK_OK);
    ck_assert_int_eq(bk_buf_put(&p.old_cert[BK_KEY_ENCRYPTION], "old-e", 5), BK_OK);
    ck_assert_int_eq(bk_pending_encode(&p, &out), BK_OK);
    ck_assert_mem_eq(out.data + 6, "\x0epersonalCert00\0\2\0\5new-s\0\0\0\0\0\5old-e", 35);
    ck_assert_int_eq(bk_pending_decode(out.data, out.len, &back), BK_OK);
    ck_assert_str_eq(back->name, "personalCert00");
    ck_assert_uint_eq(back->generation, 2);
    ck_assert_mem_eq(back->new_cert[BK_KEY_SIGNING].data, "new-s", 5);
    ck_assert_uint_eq(back->new_cert[BK_KEY_ENCRYPTION].len, 0);
    ck_assert_mem_eq(back->old_cert[BK_KEY_ENCRYPTION].data, "old-e", 5);
    bk_pending_free(&back);
    for (size_t n = 0; n < out.len; n++) {
        ck_assert_int_eq(bk_pending_decode(out.data, n, &back), BK_ECORRUPT);
        out.data[n] ^= 0x10;
        ck_assert_int_eq(bk_pending_decode(out.data, out.len, &back), BK_ECORRUPT);
        out.data[n] ^= 0x10;
    }
    bk_buf_free(&out);
    bk_buf_free(&p.new_cert[BK_KEY_SIGNING]);
    bk_buf_free(&p.old_cert[BK_KEY_ENCRYPTION]);
}
END_TEST

/* --- unlock messages
 * ----------------------------------------------------------------------------*/

static void put(struct bk_buf *b, uint16_t tag, const void *v, size_t len)
{
    ck_assert_int_eq(bk_tlv_put(b, tag, v, len), BK_OK);
}

static void answer(struct bk_buf *out, uint8_t kind, uint16_t without, uint16_t extra)
{
    struct bk_buf in = BK_BUF_INIT;
    static const struct {
        uint16_t tag;
        const char *v;
        size_t len;
    } fields[] = {{0x82, "BJ1", 3},      {0x83, "\x10\x00", 2},    {0x84, "12345678", 8},
                  {0x85, "U-1", 3},      {0x86, "0123456789", 10}, {0x87, "twelve-chars", 12},
                  {0x8e, "https://x", 9}};
    put(&in, 0x80, "\1", 1);
    put(&in, 0x81, &kind, 1);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].tag != without)
            put(&in, fields[i].tag, fields[i].v, fields[i].len);
    if (extra)
        put(&in, extra, "\1", 1);
    bk_buf_clear(out);
    put(out, 0xe2, in.data, in.len);
    bk_buf_free(&in);
}

START_TEST(an_answer_has_its_fields_and_no_others)
{
    struct bk_buf b = BK_BUF_INIT;
    struct bk_unlock_msg m;
    answer(&b, BK_UNLOCK_UNBLOCK, 0, 0);
    ck_assert_int_eq(bk_unlock_msg_parse(b.data, b.len, &m), BK_OK);
    ck_assert_int_eq(m.kind, BK_UNLOCK_UNBLOCK);
    ck_assert_str_eq(m.serial, "BJ1");
    ck_assert_str_eq(m.auth, "U-1");
    ck_assert_str_eq(m.origin, "https://x");
    ck_assert_uint_eq(m.command_len, 10);
    ck_assert_mem_eq(m.pin, "twelve-chars", 12);
    for (uint16_t tag = 0x82; tag <= 0x8e; tag++) {
        if (tag >= 0x88 && tag != 0x8e)
            continue;
        answer(&b, BK_UNLOCK_UNBLOCK, tag, 0);
        ck_assert_int_eq(bk_unlock_msg_parse(b.data, b.len, &m), BK_EFORMAT);
    }
    for (uint16_t tag = 0x80; tag <= 0x9f; tag++) { /* twice, or unknown, or not in this kind */
        if (tag == 0x9f)
            continue;
        answer(&b, BK_UNLOCK_UNBLOCK, 0, tag);
        ck_assert_int_eq(bk_unlock_msg_parse(b.data, b.len, &m), BK_EFORMAT);
    }
    for (uint8_t kind = 0; kind < 9; kind++) {
        answer(&b, kind, 0, 0);
        ck_assert_int_eq(bk_unlock_msg_parse(b.data, b.len, &m),
                         kind == BK_UNLOCK_UNBLOCK ? BK_OK : BK_EFORMAT);
    }
    answer(&b, BK_UNLOCK_UNBLOCK, 0, 0);
    for (size_t n = 0; n < b.len; n++)
        ck_assert_int_eq(bk_unlock_msg_parse(b.data, n, &m), BK_EFORMAT);
    b.data[0] = 0xe1;
    ck_assert_int_eq(bk_unlock_msg_parse(b.data, b.len, &m), BK_EFORMAT);
    bk_buf_free(&b);
}
END_TEST

START_TEST(a_request_byte_by_byte)
{
    static const char want[] = "\xe1\x1e\x80\1\1\x81\1\1\x82\3BJ1\x83\2\x10\x00\x84\x08"
                               "12345678\x89\1\0\x8a\1\x0a";
    struct bk_unlock_req r = {.kind = BK_UNLOCK_BEGIN,
                              .serial = "BJ1",
                              .app = (const uint8_t *)"\x10\x00",
                              .random = (const uint8_t *)"12345678",
                              .status_word = -1,
                              .user_tries = 0,
                              .admin_tries = 10,
                              .algorithm = -1};
    struct bk_buf b = BK_BUF_INIT;
    ck_assert_int_eq(bk_unlock_req_build(&r, &b), BK_OK);
    ck_assert_uint_eq(b.len, (size_t)b.data[1] + 2);
    ck_assert_uint_eq(b.len, sizeof want - 1);
    ck_assert_mem_eq(b.data + 2, want + 2, sizeof want - 3);
    bk_buf_free(&b);
}
END_TEST

/* --- names and PINs
 * -----------------------------------------------------------------------------*/

START_TEST(identities_differ_where_they_must)
{
    uint8_t a[20], b[20];
    char label[BK_LABEL_MAX];
    size_t len = 0;
    ck_assert_int_eq(bk_identity_id("S1", "n", BK_KEY_SIGNING, false, 1, a, &len), BK_OK);
    ck_assert_int_eq(bk_identity_id("S1", "n", BK_KEY_SIGNING, false, 2, b, &len), BK_OK);
    ck_assert_mem_eq(a, b, 20); /* the current one, whatever its generation */
    ck_assert_int_eq(bk_identity_id("S1", "n", BK_KEY_ENCRYPTION, false, 1, b, &len), BK_OK);
    ck_assert_mem_ne(a, b, 20);
    ck_assert_int_eq(bk_identity_id("S1", "n", BK_KEY_SIGNING, true, 1, b, &len), BK_OK);
    ck_assert_mem_ne(a, b, 20);
    ck_assert_int_eq(bk_identity_id("S2", "n", BK_KEY_SIGNING, false, 1, b, &len), BK_OK);
    ck_assert_mem_ne(a, b, 20);
    bk_identity_label("a:b", BK_KEY_SIGNING, false, 1, label);
    ck_assert_str_eq(label, "a.b");
    bk_identity_label("n", BK_KEY_ENCRYPTION, true, 1, label);
    ck_assert_str_eq(label, "n (encryption, history 1)");
}
END_TEST

/* A NAME that carries an id gives just that back; whatever only looks like one is a name. */
START_TEST(a_name_may_carry_an_id)
{
    static const struct {
        const char *name, *label;
        size_t len;
    } rows[] = {
        {"x [01]", "x", 1},
        {"x [y] [0102030405060708]", "x [y]", 8},
        {"n [=AAAAAAAAAAAA]", "n", 9},
        {"n [=AAAAAAAAAAAAAAAAAAAAAAAAAAA]", "n", 20},
        {"n [=AAAAAAAAAAAAAAAAAAAAAAAAAAAA]", NULL, 20}, /* 21 bytes */
        {"n [=AA]", NULL, 20},                           /* short enough for hex */
        {"n [=AAAAAAAAAAAAA]", NULL, 20},
        {"n [=AAAAAAAAAAAAAA==]", NULL, 20},
        {"n [=]", NULL, 20},
        {"n []", NULL, 20},
        {"n [0]", NULL, 20},
        {"n [0A]", NULL, 20},
        {"n [010203040506070809]", NULL, 20},
        {"n[01]", NULL, 20},
        {" [01]", NULL, 20},
        {"[01]", NULL, 20},
        {"n [01] ", NULL, 20},
        {"]", NULL, 20},
        {"", NULL, 20},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t id[BK_ID_LEN];
        char label[BK_LABEL_MAX], name[BK_CARD_NAME_MAX + 1];
        size_t len = 0;
        const char *is = rows[i].label ? rows[i].label : rows[i].name;
        ck_assert_int_eq(bk_identity_id("S", rows[i].name, BK_KEY_SIGNING, false, 0, id, &len),
                         BK_OK);
        ck_assert_msg(len == rows[i].len, "%s: %zu", rows[i].name, len);
        bk_identity_label(rows[i].name, BK_KEY_SIGNING, false, 0, label);
        ck_assert_str_eq(label, is);
        if (!rows[i].label)
            continue;
        ck_assert_int_eq(bk_identity_name(is, id, len, name), BK_OK);
        ck_assert_str_eq(name, rows[i].name);
        ck_assert_int_eq(bk_identity_id("S", name, BK_KEY_ENCRYPTION, false, 0, id, &len), BK_OK);
        ck_assert_uint_eq(len, BK_ID_LEN);
        ck_assert_int_eq(bk_identity_id("S", name, BK_KEY_SIGNING, true, 0, id, &len), BK_OK);
        ck_assert_uint_eq(len, BK_ID_LEN);
    }
}
END_TEST

START_TEST(pin_rules)
{
    ck_assert_int_eq(bk_pin_check("1", 1), BK_OK);
    ck_assert_int_eq(bk_pin_check("1234567890123456", 16), BK_OK);
    ck_assert_int_eq(bk_pin_check("12345678901234567", 17), BK_ELIMIT);
    ck_assert_int_eq(bk_pin_check("", 0), BK_ELIMIT);
    ck_assert_int_eq(bk_pin_check(NULL, 6), BK_ELIMIT);
    ck_assert_int_eq(bk_pin_check("12\0456", 6), BK_EPIN_RULE);
    ck_assert_int_eq(bk_pin_check_new("12345", 5), BK_ELIMIT);
    ck_assert_int_eq(bk_pin_check_new("123456", 6), BK_OK);
    ck_assert_int_eq(bk_pin_check_new("12345\n", 6), BK_EPIN_RULE);
}
END_TEST

/* --- another key in the reader
 * -------------------------------------------------------------------*/

/* DevInfo with this serial, and 9000; room for 2 * 290 + 1. */
static const char *devinfo(const char *serial, char out[581])
{
    uint8_t d[290] = {1, 0, 1, 0};
    memcpy(d + 4, "bjca-pkcs11", 11);
    memcpy(d + 164, serial, strlen(serial));
    d[288] = 0x90;
    for (size_t i = 0; i < sizeof d; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", d[i]);
    return out;
}

START_TEST(another_key_after_a_reset_gets_no_pin)
{
    char one[581], two[581];
    const char *const serials[] = {"KEY-ONE", "KEY-TWO"};
    for (int i = 0; i < 2; i++) {
        struct script s = {.count = 0};
        struct bk_transport *t = script_open(&s);
        struct bk_card *card = NULL;
        struct bk_token *token = NULL;
        struct bk_token_options options = {.application = "A"};
        struct bk_container c = {.full = "n", .name = "n", .open = true};
        struct bk_buf sig = BK_BUF_INIT;
        script_add(&s, devinfo("KEY-ONE", one));
        script_add(&s, "10000000081020000010"
                       "9000");
        script_add(&s, "0102030405060708"
                       "9000");
        script_add(&s, "9000");
        script_add(&s, "698a"); /* the signature: nothing is open any more */
        script_add(&s, devinfo(serials[i], two));
        script_add(&s, "10000000081020000010"
                       "9000");
        script_add(&s, "0102030405060708"
                       "9000");
        script_add(&s, "9000");
        ck_assert_int_eq(bk_card_open(&t, NULL, &card), BK_OK);
        ck_assert_int_eq(bk_token_new(&card, &options, &token), BK_OK);
        ck_assert_int_eq(bk_token_login(token, "12345678", 8), BK_OK);
        enum bk_err err = bk_token_rsa_sign(token, &c, "x", 1, &sig);
        ck_assert_int_eq(err, BK_EREMOVED); /* the script is over, or another key */
        ck_assert_uint_eq(s.sent_count, i ? 6 : 10);
        bk_token_free(&token);
        bk_buf_free(&sig);
    }
}
END_TEST

/* Others reset it while we come: that says nothing about what it is. */
START_TEST(a_key_that_is_reset_again_and_again_is_no_stranger)
{
    char info[581];
    for (unsigned resets = 0; resets < 6; resets++) {
        struct script s = {.count = 0};
        struct bk_transport *t = script_open(&s);
        struct bk_card *card = NULL;
        for (unsigned i = 0; i < resets; i++)
            script_add(&s, "reset");
        script_add(&s, devinfo("KEY-ONE", info));
        enum bk_err err = bk_card_open(&t, NULL, &card);
        ck_assert_int_eq(err, resets < 4 ? BK_OK : BK_ERESET);
        bk_card_free(&card);
    }
}
END_TEST

/* --- answers that get lost
 * ----------------------------------------------------------------------*/

#define APPLICATION                                                                                \
    "10000000081020000010"                                                                         \
    "9000"
#define NEW "new-pin-1"
#define RANDOM                                                                                     \
    "0102030405060708"                                                                             \
    "9000"

static struct script script;
static struct bk_token *lossy;
static char info_answer[581];

static void setup_lossy(void)
{
    struct bk_card *card = NULL;
    struct bk_token_options options = {.application = "A"};
    script = (struct script){.count = 0};
    struct bk_transport *t = script_open(&script);
    script_add(&script, devinfo("KEY-ONE", info_answer));
    script_add(&script, APPLICATION);
    ck_assert_int_eq(bk_card_open(&t, NULL, &card), BK_OK);
    ck_assert_int_eq(bk_token_new(&card, &options, &lossy), BK_OK);
}

static void teardown_lossy(void)
{
    ck_assert_uint_eq(script.at, script.count);
    bk_token_free(&lossy);
}

/* PIN commands (18, 16) sent so far. */
static unsigned pins_sent(void)
{
    unsigned n = 0;
    for (size_t i = 0; i < script.sent_count; i++)
        n += strncmp(script.sent[i] + 2, "18", 2) == 0 || strncmp(script.sent[i] + 2, "16", 2) == 0;
    return n;
}

static void status_says(const char *user)
{
    struct bk_token_status status;
    script_add(&script, user);
    script_add(&script, "0a0a00"
                        "9000");
    ck_assert_int_eq(bk_token_status(lossy, &status), BK_OK);
}

START_TEST(a_lost_refusal_is_found_out_and_not_repeated)
{
    status_says("0a0900"
                "9000");
    script_add(&script, RANDOM);
    script_add(&script, "lost");
    script_add(&script, "reset"); /* the connection is a new one */
    script_add(&script, info_answer);
    script_add(&script, APPLICATION);
    script_add(&script, "0a0800"
                        "9000");
    ck_assert_int_eq(bk_token_login(lossy, "wrong-pin", 9), BK_EPIN_WRONG);
    ck_assert_int_eq(bk_token_tries(lossy), 8);
    script_add(&script, "0a0800"
                        "9000");
    ck_assert_int_eq(bk_token_login(lossy, "wrong-pin", 9), BK_EPIN_WRONG);
    ck_assert_uint_eq(pins_sent(), 1);
}
END_TEST

START_TEST(a_lost_answer_that_cost_nothing_is_told_as_lost)
{
    script_add(&script, RANDOM);
    script_add(&script, "lost"); /* the counter before it isn't known */
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_EIO);
    status_says("0a0a00"
                "9000");
    script_add(&script, RANDOM);
    script_add(&script, "lost");
    script_add(&script, "0a0a00"
                        "9000");
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_EIO);
    ck_assert_uint_eq(pins_sent(), 2);
    script_add(&script, RANDOM);
    script_add(&script, "9000");
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_OK);
}
END_TEST

START_TEST(a_change_whose_answer_is_lost_costs_no_try)
{
    script_add(&script, RANDOM);
    script_add(&script, "9000");
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_OK);
    status_says("0a0a00"
                "9000");
    script_add(&script, RANDOM);
    script_add(&script, "9000");
    script_add(&script, RANDOM);
    script_add(&script, "lost");
    script_add(&script, "reset");
    script_add(&script, info_answer);
    script_add(&script, APPLICATION);
    script_add(&script, "0a0a00"
                        "9000");
    ck_assert_int_eq(bk_token_set_pin(lossy, "12345678", 8, NEW, sizeof NEW - 1), BK_EIO);
    ck_assert_uint_eq(pins_sent(), 3); /* neither PIN goes out again by itself */
    ck_assert(!lossy->logged_in);
}
END_TEST

/* One that is no whole answer is as good as lost. */
START_TEST(a_change_whose_answer_is_cut_costs_no_try)
{
    script_add(&script, RANDOM);
    script_add(&script, "9000");
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_OK);
    script_add(&script, RANDOM);
    script_add(&script, "9000");
    script_add(&script, RANDOM);
    script_add(&script, "90");
    ck_assert_int_eq(bk_token_set_pin(lossy, "12345678", 8, NEW, sizeof NEW - 1), BK_EFORMAT);
    ck_assert_uint_eq(pins_sent(), 3);
    ck_assert(!lossy->logged_in); /* the old PIN isn't sent where the key may have the new one */
}
END_TEST

/* The change has happened, whatever becomes of the command behind it. */
START_TEST(a_changed_pin_is_changed)
{
    static const char *const last[] = {"reset", "lost", "90", "6f00", "9000"};
    script_add(&script, RANDOM);
    script_add(&script, "9000");
    script_add(&script, RANDOM);
    script_add(&script, "9000");
    script_add(&script, last[_i]);
    ck_assert_int_eq(bk_token_set_pin(lossy, "12345678", 8, NEW, sizeof NEW - 1), BK_OK);
    ck_assert_uint_eq(pins_sent(), 2);
    ck_assert_int_eq(script.held, 0);
}
END_TEST

/* --- sequences
 * ----------------------------------------------------------------------------------*/

static const char key_path[] = "sequence.key";

static struct bk_token *power_up(void)
{
    struct bk_transport *t = NULL;
    struct bk_card *card = NULL;
    struct bk_token *token = NULL;
    struct bk_token_options options = {.application = BK_VKEY_APPLICATION};
    ck_assert_int_eq(bk_virtual_open(key_path, &t), BK_OK);
    ck_assert_int_eq(bk_card_open(&t, NULL, &card), BK_OK);
    ck_assert_int_eq(bk_token_new(&card, &options, &token), BK_OK);
    ck_assert_int_eq(bk_token_login(token, BK_VKEY_USER_PIN, 8), BK_OK);
    return token;
}

static void *commit_y(void *arg)
{
    struct bk_token *t = arg;
    struct bk_records records;
    ck_assert_int_eq(bk_card_begin(t->card), BK_OK);
    ck_assert_int_eq(bk_records_read(t->card, &records), BK_OK);
    struct bk_record next = records.rules;
    ck_assert_int_eq(bk_record_set(&next, "Y", 1), BK_OK);
    ck_assert_int_eq(bk_records_write(t->card, &records, &next), BK_OK);
    bk_card_end(t->card);
    return NULL;
}

/* A colon stands between paths, unless all of it names a file: then it is in that one's name. */
START_TEST(a_path_may_have_a_colon)
{
    static const struct {
        const char *text;
        size_t count;
        const char *first;
        bool present;
    } rows[] = {
        {"a:b", 1, "a:b", true},     {"a:c", 2, "a", true}, {"c:a:b", 3, "c", true},
        {"no:such", 2, "no", false}, {"c", 1, "c", true},   {"a::c", 2, "a", true},
    };
    static const char *const files[] = {"a", "a:b", "c"};
    char folder[] = "/tmp/bjca-token.XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        ck_assert_int_eq(bk_file_replace(files[i], "x", 1, 0600), BK_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bk_readers *readers = NULL;
        struct bk_reader list[BK_READER_MAX];
        struct bk_reader_options o = {.virtual_key = rows[i].text, .trace_fd = -1};
        size_t n = 0;
        ck_assert_int_eq(bk_readers_new(&o, &readers), BK_OK);
        ck_assert_int_eq(bk_readers_list(readers, list, &n), BK_OK);
        ck_assert_msg(n == rows[i].count, "%s: %zu", rows[i].text, n);
        ck_assert_str_eq(list[0].virtual_key, rows[i].first);
        ck_assert_int_eq(list[0].present, rows[i].present);
        bk_readers_free(&readers);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        ck_assert_int_eq(unlink(files[i]), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* Two that read, change and write a record in process: the second waits for the first. */
START_TEST(a_sequence_in_process_is_nobody_elses)
{
    char folder[] = "/tmp/bjca-token.XXXXXX";
    struct bk_records records;
    pthread_t thread;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(bk_vkey_create(key_path, &(struct bk_vkey_params){.serial = "SEQ1"}), BK_OK);
    struct bk_token *a = power_up(), *b = power_up();
    struct bk_records never = {0};
    ck_assert_int_eq(bk_records_write(a->card, &never, &(struct bk_record){0}), BK_ESTATE);
    ck_assert_int_eq(bk_card_begin(a->card), BK_OK);
    ck_assert_int_eq(bk_records_read(a->card, &records), BK_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, commit_y, b), 0);
    (void)usleep(50000);
    struct bk_record next = records.rules;
    ck_assert_int_eq(bk_record_set(&next, "X", 1), BK_OK);
    ck_assert_int_eq(bk_records_write(a->card, &records, &next), BK_OK);
    bk_card_end(a->card);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(bk_records_read(a->card, &records), BK_OK);
    ck_assert_ptr_nonnull(bk_record_find(&records.rules, "X"));
    ck_assert_ptr_nonnull(bk_record_find(&records.rules, "Y"));
    bk_token_free(&a);
    bk_token_free(&b);
    ck_assert_int_eq(unlink(key_path), 0);
    ck_assert_int_eq(unlink("sequence.key.lock"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("token");
    TCase *t = tcase_create("token");
    tcase_add_test(t, a_record_byte_by_byte);
    tcase_add_test(t, a_torn_or_changed_record_is_none);
    tcase_add_test(t, a_record_has_sixteen_entries_at_most);
    tcase_add_test(t, labels_byte_by_byte);
    tcase_add_test(t, labels_of_another_record_are_none);
    tcase_add_test(t, a_later_record_is_no_torn_one);
    tcase_add_test(t, labels_have_bounds);
    tcase_add_test(t, a_data_object_byte_by_byte);
    tcase_add_test(t, generations_in_names);
    tcase_add_test(t, saved_certificates_come_back_whole_or_not_at_all);
    tcase_add_test(t, an_answer_has_its_fields_and_no_others);
    tcase_add_test(t, a_request_byte_by_byte);
    tcase_add_test(t, identities_differ_where_they_must);
    tcase_add_test(t, a_name_may_carry_an_id);
    tcase_add_test(t, pin_rules);
    tcase_add_test(t, another_key_after_a_reset_gets_no_pin);
    tcase_add_test(t, a_key_that_is_reset_again_and_again_is_no_stranger);
    tcase_add_test(t, a_path_may_have_a_colon);
    tcase_add_test(t, a_sequence_in_process_is_nobody_elses);
    suite_add_tcase(suite, t);
    t = tcase_create("lost");
    tcase_add_checked_fixture(t, setup_lossy, teardown_lossy);
    tcase_add_test(t, a_lost_refusal_is_found_out_and_not_repeated);
    tcase_add_test(t, a_lost_answer_that_cost_nothing_is_told_as_lost);
    tcase_add_test(t, a_change_whose_answer_is_lost_costs_no_try);
    tcase_add_test(t, a_change_whose_answer_is_cut_costs_no_try);
    tcase_add_loop_test(t, a_changed_pin_is_changed, 0, 5);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}

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
#include "token/pending.h"
#include "token/reader.h"
#include "token/record.h"
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
    /* an id stands among them, in hex */
    static const char *const no_id[] = {"",   "0",   "0G",
                                        "0A", "x y", "000102030405060708090a0b0c0d0e0f1011121314"};
    for (size_t i = 0; i < sizeof no_id / sizeof *no_id; i++)
        ck_assert_int_eq(bk_record_set_label(&r, "a", BK_KEY_SIGNING, BK_LABEL_ID, no_id[i]),
                         BK_EINVAL);
    ck_assert_int_eq(bk_record_set_label(&r, "a", BK_KEY_ENCRYPTION, BK_LABEL_ID, "0a"), BK_EINVAL);
    ck_assert_int_eq(bk_record_set_label(&r, "a", BK_KEY_SIGNING, BK_LABEL_ID, "0a"), BK_OK);
    ck_assert_int_eq(bk_record_set_label(&r, "a", BK_KEY_SIGNING, BK_LABEL_ID, NULL), BK_OK);
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

/* Whatever bytes: a text, of no two the same, and none of a renewed one's. */
START_TEST(names_that_are_no_text)
{
    static const struct {
        const char *full, *name;
    } all[] = {{"\xb2\xe2~1", "%b2e27e31"},
               {"%b2e27e31", "%256232653237653331"},
               {"a\nb", "%610a62"},
               {"%", "%25"}};
    char name[BK_CARD_NAME_MAX + 1], other[BK_CARD_NAME_MAX + 1], full[BK_CARD_NAME_MAX + 1];
    unsigned generation = 1;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bk_generation_split(all[i].full, name, &generation);
        ck_assert_str_eq(name, all[i].name);
        ck_assert_uint_eq(generation, 0);
    }
    /* what is made for the renewal of the first */
    bk_generation_split("%b2e27e31~2", name, &generation);
    ck_assert_str_eq(name, "%b2e27e31");
    ck_assert_uint_eq(generation, 2);
    for (size_t len = 31; len <= BK_CARD_NAME_MAX; len += 33) {
        memset(full, 0xff, len);
        full[len] = 0;
        bk_generation_split(full, name, &generation);
        full[len - 1] = 'x';
        bk_generation_split(full, other, &generation);
        ck_assert_uint_le(strlen(name), BK_CARD_NAME_MAX);
        ck_assert_str_ne(name, other);
    }
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
    tcase_add_test(t, names_that_are_no_text);
    tcase_add_test(t, saved_certificates_come_back_whole_or_not_at_all);
    tcase_add_test(t, an_answer_has_its_fields_and_no_others);
    tcase_add_test(t, a_request_byte_by_byte);
    tcase_add_test(t, identities_differ_where_they_must);
    tcase_add_test(t, a_name_may_carry_an_id);
    tcase_add_test(t, pin_rules);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}

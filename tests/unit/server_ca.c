/* SPDX-License-Identifier: Apache-2.0 */
/* What the CA process refuses, whatever the platform asks it for. */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/tlv.h"
#include "crypto/rsa.h"
#include "crypto/x509.h"
#include "runner.h"
#include "server/cad_journal.h"
#include "server/cad_wire.h"
#include "serverhost.h"

#define DAY INT64_C(86400)

static struct bk_cad *cad;
static struct bk_buf subject, spki;

static void set_up(void)
{
    struct bk_rsa_key *key = NULL;
    serverhost_open();
    cad = serverhost_cad();
    ck_assert_int_eq(bk_rsa_generate(2048, &key), BK_OK);
    ck_assert_int_eq(bk_pubkey_to_spki(bk_rsa_pubkey(key), &spki), BK_OK);
    ck_assert_int_eq(bk_issue_name("示例科技有限公司", "测试用户甲", &subject), BK_OK);
    bk_rsa_free(&key);
}

static void tear_down(void)
{
    bk_buf_free(&subject);
    bk_buf_free(&spki);
    bk_cad_close(&cad);
    serverhost_close();
}

static void put_time(struct bk_buf *ask, uint16_t tag, int64_t second)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)second >> (56 - 8 * i));
    ck_assert_int_eq(bk_tlv_put(ask, tag, bytes, sizeof bytes), BK_OK);
}

/* An encryption certificate from so many seconds from now to so many. */
static enum bk_err ask_with(int64_t from, int64_t to, const uint8_t serial[BK_SERIAL_BYTES])
{
    struct bk_buf ask = BK_BUF_INIT, answer = BK_BUF_INIT;
    int64_t now = (int64_t)time(NULL);
    ck_assert_int_eq(bk_tlv_put_uint(&ask, 0x81, BK_CAD_ISSUE), BK_OK);
    ck_assert_int_eq(bk_tlv_put_uint(&ask, 0x82, 1), BK_OK);
    ck_assert_int_eq(bk_tlv_put(&ask, 0x84, subject.data, subject.len), BK_OK);
    ck_assert_int_eq(bk_tlv_put(&ask, 0x86, spki.data, spki.len), BK_OK);
    put_time(&ask, 0x87, now + from);
    put_time(&ask, 0x88, now + to);
    ck_assert_int_eq(bk_tlv_put(&ask, 0x8d, serial, BK_SERIAL_BYTES), BK_OK);
    ck_assert_int_eq(bk_cad_answer(cad, &ask, NULL, &answer), BK_OK);
    ck_assert_uint_ge(answer.len, 3);
    ck_assert_uint_eq(answer.data[0], 0x81);
    ck_assert_uint_eq(answer.data[1], 1);
    enum bk_err err = (enum bk_err)answer.data[2];
    bk_buf_free(&ask);
    bk_buf_free(&answer);
    return err;
}

static enum bk_err ask_for(int64_t from, int64_t to)
{
    uint8_t serial[BK_SERIAL_BYTES];
    ck_assert_int_eq(bk_issue_serial(serial), BK_OK);
    return ask_with(from, to, serial);
}

/* What was made later comes later, and can't be guessed. */
START_TEST(serials_are_in_order)
{
    uint8_t before[BK_SERIAL_BYTES], serial[BK_SERIAL_BYTES];
    const struct timespec moment = {.tv_nsec = 2000000};
    ck_assert_int_eq(bk_issue_serial(before), BK_OK);
    for (int i = 0; i < 20; i++) {
        (void)nanosleep(&moment, NULL);
        ck_assert_int_eq(bk_issue_serial(serial), BK_OK);
        ck_assert(serial[0] >= 0x01 && serial[0] <= 0x7f);
        ck_assert_int_lt(memcmp(before, serial, sizeof serial), 0);
        ck_assert_int_ne(memcmp(before + 6, serial + 6, 7), 0);
        ck_assert_int_ne(memcmp(before + 13, serial + 13, 7), 0);
        memcpy(before, serial, sizeof serial);
    }
}
END_TEST

/* Also when the entry lies across two parts of the journal as they are read. */
START_TEST(serial_is_used_once)
{
    uint8_t serial[BK_SERIAL_BYTES];
    ck_assert_int_eq(bk_issue_serial(serial), BK_OK);
    ck_assert_int_eq(ask_with(0, 365 * DAY, serial), BK_OK);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(ask_for(0, 365 * DAY), BK_OK);
    ck_assert_int_eq(ask_with(0, 365 * DAY, serial), BK_EEXISTS);
    serial[19] ^= 1;
    ck_assert_int_eq(ask_with(0, 365 * DAY, serial), BK_OK);
    serial[0] = 0;
    ck_assert_int_eq(ask_with(0, 365 * DAY, serial), BK_EINVAL);
    serial[0] = 0x80;
    ck_assert_int_eq(ask_with(0, 365 * DAY, serial), BK_EINVAL);
}
END_TEST

static struct bk_cad_journal *open_cut(const char *path)
{
    struct bk_cad_journal *journal = NULL;
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    (void)fprintf(f, "1790000000 rsa sig"); /* cut, and the next behind it */
    ck_assert_int_eq(fclose(f), 0);
    ck_assert_int_eq(bk_cad_journal_open(path, &journal), BK_OK);
    return journal;
}

static enum bk_err add(struct bk_cad_journal *journal, const uint8_t *serial, const uint8_t *other)
{
    const struct bk_cad_entry both[] = {{"rsa", "signing", serial, 1800000000},
                                        {"rsa", "encryption", other, 1800000000}};
    bk_cad_journal_expect(journal);
    return bk_cad_journal_add(journal, both, other ? 2 : 1);
}

/* Serial numbers in pairs that are alike in what is kept of them; the first byte of one that we
 * give isn't 0. */
START_TEST(long_journal_is_known_to_its_end)
{
    char path[96];
    uint8_t serial[BK_SERIAL_BYTES] = {0}, fresh[BK_SERIAL_BYTES] = {0x7f, 1};
    (void)snprintf(path, sizeof path, "%s/long", host.folder);
    struct bk_cad_journal *journal = open_cut(path);
    /* what was added is known to who opens it later, and what wasn't isn't */
    for (int again = 0; again < 2; again++) {
        for (unsigned i = 0; i < 3000; i++) {
            serial[0] = 1;
            serial[14] = (uint8_t)(i / 2 >> 8);
            serial[15] = (uint8_t)(i / 2);
            serial[19] = (uint8_t)(i & 1);
            enum bk_err err = add(journal, serial, NULL);
            ck_assert_int_eq(err, again ? BK_EEXISTS : BK_OK);
        }
        ck_assert_int_eq(add(journal, fresh, serial), BK_EEXISTS); /* neither is taken */
        bk_cad_journal_close(&journal);
        ck_assert_int_eq(bk_cad_journal_open(path, &journal), BK_OK);
    }
    ck_assert_int_eq(add(journal, fresh, fresh), BK_EEXISTS);
    ck_assert_int_eq(add(journal, fresh, NULL), BK_OK);
    ck_assert_int_eq(add(journal, fresh, NULL), BK_EEXISTS);
    bk_cad_journal_close(&journal);
}
END_TEST

START_TEST(certificate_lives_six_years_at_most)
{
    ck_assert_int_eq(ask_for(0, 365 * DAY), BK_OK);
    ck_assert_int_eq(ask_for(0, 6 * 365 * DAY - 60), BK_OK);
    ck_assert_int_eq(ask_for(0, 6 * 366 * DAY + DAY), BK_EDENIED);
    ck_assert_int_eq(ask_for(0, 7 * 365 * DAY), BK_EDENIED);
}
END_TEST

START_TEST(certificate_begins_about_now)
{
    ck_assert_int_eq(ask_for(-6 * DAY, 365 * DAY), BK_OK);
    ck_assert_int_eq(ask_for(-8 * DAY, 365 * DAY), BK_EDENIED);
    ck_assert_int_eq(ask_for(2 * DAY, 365 * DAY), BK_EDENIED);
    ck_assert_int_eq(ask_for(0, 0), BK_EDENIED);
}
END_TEST

/* --- revocation lists --- */

struct sent {
    struct bk_buf frames[4]; /* the last empty */
    size_t taken;
};

static enum bk_err next_frame(void *context, struct bk_buf *frame)
{
    struct sent *sent = context;
    if (sent->taken == sizeof sent->frames / sizeof *sent->frames)
        return BK_ENET;
    const struct bk_buf *next = &sent->frames[sent->taken++];
    return bk_buf_put(frame, next->data, next->len);
}

#define ENTRY 39u /* bytes of one without a reason */

static void put_entry(struct bk_buf *frame, size_t len)
{
    uint8_t entry[30] = {0x7f};
    ck_assert_int_eq(bk_tlv_put(frame, 0x8c, entry, len), BK_OK);
}

static uint32_t list_alg = 2;
static uint8_t list_tag = 0x8a; /* of its number */

/* Two entries, each in a frame, and an end, as many as `said` bytes. */
static enum bk_err ask_list(int64_t next, uint64_t said, struct sent *sent)
{
    struct bk_buf ask = BK_BUF_INIT, answer = BK_BUF_INIT;
    const struct bk_cad_frames more = {next_frame, sent};
    ck_assert_int_eq(bk_tlv_put_uint(&ask, 0x81, BK_CAD_CRL), BK_OK);
    ck_assert_int_eq(bk_tlv_put_uint(&ask, 0x82, list_alg), BK_OK);
    put_time(&ask, list_tag, 1);
    put_time(&ask, 0x8b, (int64_t)time(NULL) + next);
    put_time(&ask, 0x92, (int64_t)said);
    ck_assert_int_eq(bk_cad_answer(cad, &ask, &more, &answer), BK_OK);
    ck_assert_uint_ge(answer.len, 3);
    enum bk_err err = (enum bk_err)answer.data[2];
    ck_assert_int_eq(answer.len > 3, err == BK_OK);
    for (size_t i = 0; i < sizeof sent->frames / sizeof *sent->frames; i++)
        bk_buf_free(&sent->frames[i]);
    bk_buf_free(&ask);
    bk_buf_free(&answer);
    return err;
}

static enum bk_err ask_entries(int64_t next, uint64_t said, size_t entry)
{
    struct sent sent = {.taken = 0};
    put_entry(&sent.frames[0], 29);
    put_entry(&sent.frames[1], entry);
    enum bk_err err = ask_list(next, said, &sent);
    ck_assert_uint_eq(sent.taken, 3); /* whatever becomes of it */
    return err;
}

START_TEST(list_is_as_long_as_was_said)
{
    ck_assert_int_eq(ask_entries(DAY, 2 * ENTRY, 29), BK_OK);
    ck_assert_int_eq(ask_entries(DAY, ENTRY, 29), BK_EFORMAT);
    ck_assert_int_eq(ask_entries(DAY, 2 * ENTRY - 1, 29), BK_EFORMAT);
    ck_assert_int_eq(ask_entries(DAY, 2 * ENTRY + 1, 29), BK_EFORMAT);
    ck_assert_int_eq(ask_entries(DAY, 0, 29), BK_EFORMAT);
    ck_assert_int_eq(ask_entries(DAY, UINT64_MAX, 29), BK_ELIMIT);
}
END_TEST

START_TEST(list_holds_entries_alone)
{
    struct sent sent = {.taken = 0};
    ck_assert_int_eq(ask_entries(DAY, 2 * ENTRY, 28), BK_EFORMAT);
    ck_assert_int_eq(ask_entries(DAY, 2 * ENTRY, 30), BK_EFORMAT);
    put_time(&sent.frames[0], 0x8b, 0);
    ck_assert_int_eq(ask_list(DAY, ENTRY, &sent), BK_EFORMAT);
    sent = (struct sent){.taken = 4}; /* it ends before its end */
    ck_assert_int_eq(ask_list(DAY, 0, &sent), BK_ENET);
}
END_TEST

/* Who sends it reads the answer behind it. */
START_TEST(list_behind_a_head_that_is_bad_is_taken)
{
    list_alg = 3;
    ck_assert_int_eq(ask_entries(DAY, 2 * ENTRY, 29), BK_EFORMAT);
    list_alg = 2;
    list_tag = 0xff;
    ck_assert_int_eq(ask_entries(DAY, 2 * ENTRY, 29), BK_EFORMAT);
}
END_TEST

START_TEST(list_is_for_a_year_at_most)
{
    ck_assert_int_eq(ask_entries(365 * DAY - 60, 2 * ENTRY, 29), BK_OK);
    ck_assert_int_eq(ask_entries(366 * DAY, 2 * ENTRY, 29), BK_EDENIED);
    ck_assert_int_eq(ask_entries(-60, 2 * ENTRY, 29), BK_EDENIED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_ca");
    TCase *tc = tcase_create("bounds");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, serials_are_in_order);
    tcase_add_test(tc, serial_is_used_once);
    tcase_add_test(tc, long_journal_is_known_to_its_end);
    tcase_add_test(tc, certificate_lives_six_years_at_most);
    tcase_add_test(tc, certificate_begins_about_now);
    tcase_add_test(tc, list_is_as_long_as_was_said);
    tcase_add_test(tc, list_holds_entries_alone);
    tcase_add_test(tc, list_behind_a_head_that_is_bad_is_taken);
    tcase_add_test(tc, list_is_for_a_year_at_most);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

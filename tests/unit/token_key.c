/* SPDX-License-Identifier: Apache-2.0 */
/* The token layer on its way to a key: another one in the reader, answers that get lost, sequences.
 */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/tlv.h"
#include "runner.h"
#include "script.h"
#include "token/change.h"
#include "token/data.h"
#include "token/identity.h"
#include "token/key.h"
#include "token/reader.h"
#include "token/record.h"
#include "token/unlock_msg.h"
#include "transport/virtual.h"
#include "vkey/vkey.h"

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
        script_add(&s, "0a0a00"
                       "9000");
        script_add(&s, "0102030405060708"
                       "9000");
        script_add(&s, "9000");
        ck_assert_int_eq(bk_card_open(&t, NULL, &card), BK_OK);
        ck_assert_int_eq(bk_token_new(&card, &options, &token), BK_OK);
        ck_assert_int_eq(bk_token_login(token, "12345678", 8), BK_OK);
        enum bk_err err = bk_token_rsa_sign(token, &c, "x", 1, &sig);
        ck_assert_int_eq(err, BK_EREMOVED); /* the script is over, or another key */
        ck_assert_uint_eq(s.sent_count, i ? 6 : 11);
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

#define ALL_TRIES                                                                                  \
    "0a0a00"                                                                                       \
    "9000"

static void answers(const char *const *list)
{
    for (; *list; list++)
        script_add(&script, *list);
}

/* A reset, and another before the log-in is made again; then somebody logs out just when it is. */
START_TEST(what_others_do_in_the_middle_of_a_repair_is_got_over)
{
    static const char *const log_in[] = {RANDOM, "9000", NULL};
    static const char *const first[] = {"698a", info_answer, APPLICATION, ALL_TRIES,
                                        RANDOM, "reset",     NULL};
    static const char *const second[] = {info_answer, APPLICATION, ALL_TRIES, RANDOM,
                                         "9000",      "6982",      NULL};
    char signature[2 * 128 + 4 + 1];
    const char *const third[] = {ALL_TRIES, RANDOM, "9000", signature, NULL};
    struct bk_container c = {.full = "n", .name = "n", .open = true};
    struct bk_buf sig = BK_BUF_INIT;
    memset(signature, 'a', 2 * 128);
    memcpy(signature + 2 * 128, "9000", 5);
    answers(log_in);
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_OK);
    answers(first);
    answers(second);
    answers(third);
    ck_assert_int_eq(bk_token_rsa_sign(lossy, &c, "x", 1, &sig), BK_OK);
    ck_assert_uint_eq(sig.len, 128);
    bk_buf_free(&sig);
}
END_TEST

static enum bk_err ask(struct bk_token *t, void *arg)
{
    return bk_token_status(t, arg);
}

/* The log-in that is made again has a random, which another's command would spend. */
START_TEST(a_repair_within_a_sequence_is_in_one)
{
    static const char *const log_in[] = {RANDOM, "9000", NULL};
    static const char *const repaired[] = {"reset", info_answer, APPLICATION, ALL_TRIES, RANDOM,
                                           "9000",  ALL_TRIES,   ALL_TRIES,   NULL};
    struct bk_token_status status;
    answers(log_in);
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_OK);
    answers(repaired);
    size_t from = script.sent_count;
    ck_assert_int_eq(bk_token_run_reading(lossy, ask, &status), BK_OK);
    for (size_t i = from; i < script.sent_count; i++)
        ck_assert_msg(script.was_held[i], "%s", script.sent[i]);
    ck_assert_int_eq(script.held, 0);
}
END_TEST

/* Which word a key has for a number that is another container's, of the other algorithm say, no
 * document tells: whatever it is, a number of before may be the reason, and one just given is not.
 */
START_TEST(a_number_that_is_refused_is_asked_for_anew)
{
    static const char *const log_in[] = {RANDOM, "9000", NULL};
    static const char *const words[] = {"6a94", "6a95", "6a88", "6985", "6a80", "6a9c", "6f00"};
    char signature[2 * 128 + 4 + 1];
    struct bk_container c = {.full = "n", .name = "n", .open = true};
    struct bk_buf sig = BK_BUF_INIT;
    memset(signature, 'a', 2 * 128);
    memcpy(signature + 2 * 128, "9000", 5);
    answers(log_in);
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_OK);
    const char *const anew[] = {words[_i], "02009000", signature, NULL};
    answers(anew);
    ck_assert_int_eq(bk_token_rsa_sign(lossy, &c, "x", 1, &sig), BK_OK);
    ck_assert_uint_eq(sig.len, 128);
    const char *const twice[] = {words[_i], "02009000", words[_i], NULL};
    answers(twice);
    ck_assert_int_ne(bk_token_rsa_sign(lossy, &c, "x", 1, &sig), BK_OK);
    bk_buf_free(&sig);
}
END_TEST

#define FILE_INFO                                                                                  \
    "030000001000000010000000"                                                                     \
    "9000"
#define FILE_TEXT                                                                                  \
    "616263"                                                                                       \
    "9000"

/* The first file asks for a log-in, which is made anew; then it goes as `there` has it, and one
 * file is found. */
static void files_after_a_lost_log_in(const char *files, const char *const *there)
{
    static const char *const log_in[] = {RANDOM, "9000", NULL};
    const char *const lost[] = {files, FILE_INFO, "6982", ALL_TRIES, RANDOM, "9000", NULL};
    answers(log_in);
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_OK);
    answers(lost);
    answers(there);
    ck_assert_int_eq(bk_data_refresh(lossy), BK_OK);
    ck_assert_uint_eq(lossy->data_count, 1);
}

/* Another program takes the log-in away while the files are read, and again when it has just been
 * made anew: within the sequence nobody can, and the private file is there. */
START_TEST(a_private_file_is_not_lost_with_a_log_in)
{
    static const char files[] = "6100"
                                "9000";
    static const char *const there[] = {ALL_TRIES, RANDOM,    "9000", files,
                                        FILE_INFO, FILE_TEXT, NULL};
    files_after_a_lost_log_in(files, there);
    ck_assert_uint_eq(lossy->data[0]->value.len, 3);
    ck_assert_int_eq(script.held, 0);
}
END_TEST

/* One that even the user doesn't get isn't there, and keeps nobody from the others. */
START_TEST(a_file_that_nobody_gets_is_passed_over)
{
    static const char files[] = "61006200"
                                "9000";
    static const char *const there[] = {ALL_TRIES, RANDOM,    "9000",    files, FILE_INFO,
                                        "6982",    FILE_INFO, FILE_TEXT, NULL};
    files_after_a_lost_log_in(files, there);
}
END_TEST

#define NO_FILE "6a93"
/* Deleted between the look at the names and the sequence that reads what is in it. */
START_TEST(a_container_that_goes_while_the_key_is_read_is_no_error)
{
    /* RSA and SM2, without keys; none has a record */
    static const char a[] = "0100000000000000000000"
                            "9000",
                      b[] = "0200000000000000000000"
                            "9000",
                      id[] = "0001"
                             "9000",
                      both[] = "61006200"
                               "9000",
                      one[] = "6100"
                              "9000";
    static const char *const rsa[] = {NO_FILE, NO_FILE, both, a, b, id, NULL};
    static const char *const sm2[] = {NO_FILE, both,    "6a94", /* it is there, and gone */
                                      NO_FILE, NO_FILE, one,    a, id, NULL};
    answers(rsa);
    ck_assert_int_eq(bk_token_refresh_types(lossy, BK_TYPE(BK_CONTAINER_RSA)), BK_OK);
    ck_assert_uint_eq(lossy->count, 2);
    answers(sm2);
    ck_assert_int_eq(bk_token_refresh(lossy), BK_OK);
    ck_assert_uint_eq(lossy->count, 1);
    ck_assert_str_eq(lossy->containers[0]->full, "a");
}
END_TEST

/* Somebody's PIN was refused since: the kept one may be wrong, and isn't sent to find out. */
START_TEST(a_kept_pin_is_not_sent_where_one_was_refused)
{
    static const char *const log_in[] = {RANDOM, "9000", NULL};
    static const char *const refused[] = {"6982",
                                          "0a0900"
                                          "9000",
                                          NULL};
    struct bk_container c = {.full = "n", .name = "n", .open = true};
    struct bk_buf sig = BK_BUF_INIT;
    answers(log_in);
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_OK);
    answers(refused);
    ck_assert_int_eq(bk_token_rsa_sign(lossy, &c, "x", 1, &sig), BK_ELOGIN);
    ck_assert(!lossy->logged_in);
    ck_assert_uint_eq(pins_sent(), 1);
    ck_assert_uint_eq(script.at, script.count);
}
END_TEST

/* A key that wants a log-in for ever isn't asked for ever. */
START_TEST(what_no_repair_helps_is_told)
{
    static const char *const log_in[] = {RANDOM, "9000", NULL};
    static const char *const again[] = {"6982", ALL_TRIES, RANDOM, "9000", NULL};
    struct bk_container c = {.full = "n", .name = "n", .open = true};
    struct bk_buf sig = BK_BUF_INIT;
    answers(log_in);
    ck_assert_int_eq(bk_token_login(lossy, "12345678", 8), BK_OK);
    for (int i = 0; i < 12; i++)
        answers(again);
    script_add(&script, "6982");
    ck_assert_int_eq(bk_token_rsa_sign(lossy, &c, "x", 1, &sig), BK_ELOGIN);
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

/* --- numbers that are another key's
 * -----------------------------------------------------------------------------*/

#define LATE 5000u

static struct bk_container made(struct bk_token *t, const char *name, enum bk_alg alg)
{
    enum bk_container_type type = alg == BK_ALG_SM2 ? BK_CONTAINER_SM2 : BK_CONTAINER_RSA;
    struct bk_container c = {.info.type = type, .has_key[BK_KEY_SIGNING] = true};
    (void)snprintf(c.full, sizeof c.full, "%s", name);
    (void)snprintf(c.name, sizeof c.name, "%s", name);
    ck_assert_int_eq(bk_card_create_container(t->card, name, c.id), BK_OK);
    ck_assert_int_eq(alg == BK_ALG_SM2 ? bk_card_gen_ecc_key_pair(t->card, c.id)
                                       : bk_card_gen_rsa_key_pair(t->card, c.id, 2048),
                     BK_OK);
    ck_assert_int_eq(
        bk_card_export_public_key(t->card, c.id, BK_KEY_SIGNING, type, &c.key[BK_KEY_SIGNING]),
        BK_OK);
    return c;
}

/* Whether a signature by a number that has become another's is found out: one that was proved
 * `proved` ms ago, of a key that was disturbed so long ago. */
static bool found_out(struct bk_token *t, struct bk_container *c, const struct bk_container *other,
                      int64_t proved, int64_t disturbed)
{
    const struct bk_pubkey *key = &c->key[BK_KEY_SIGNING];
    struct bk_buf signature = BK_BUF_INIT;
    memcpy(c->id, other->id, sizeof c->id);
    c->open = true;
    c->proved_ms = bk_clock_ms() - proved;
    t->disturbed_ms = bk_clock_ms() - disturbed;
    ck_assert_int_eq(bk_token_sign_message(t, c, key, "a text", 6, &signature), BK_OK);
    bool found = bk_pubkey_verify_message(key, "a text", 6, signature.data, signature.len) == BK_OK;
    bk_buf_free(&signature);
    return found;
}

#define TO_COME (-60000) /* however slow this machine is, that is "just now" */

/* Of a reset pcscd tells before the reader does it: numbers asked for in between are good for
 * nothing after it. What was proved just now is trusted when none can be on its way. */
START_TEST(a_number_is_proved_while_a_reset_may_come)
{
    static const enum bk_alg algs[] = {BK_ALG_SM2, BK_ALG_RSA};
    char folder[] = "/tmp/bjca-token.XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(bk_vkey_create(key_path, &(struct bk_vkey_params){.serial = "NUM1"}), BK_OK);
    struct bk_token *t = power_up();
    struct bk_container a = made(t, "A", algs[_i]), b = made(t, "B", algs[_i]);
    t->options.reset_late_ms = LATE;
    ck_assert(found_out(t, &a, &b, TO_COME, 0));
    ck_assert(found_out(t, &a, &b, TO_COME, LATE / 2));
    ck_assert(found_out(t, &a, &b, 20, LATE + 1));
    ck_assert(!found_out(t, &a, &b, TO_COME, LATE + 1));
    /* a log-in that is gone says that something happened, perhaps a reset */
    ck_assert_int_eq(bk_card_clear_secure_state(t->card), BK_OK);
    ck_assert(found_out(t, &a, &b, TO_COME, LATE + 1));
    bk_rsa_public_free(&a.check[BK_KEY_SIGNING]);
    bk_token_free(&t);
    ck_assert_int_eq(unlink(key_path), 0);
    ck_assert_int_eq(unlink("sequence.key.lock"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

struct hold {
    struct bk_token *t;
    int64_t released;
};

static void *let_go(void *arg)
{
    struct hold *hold = arg;
    (void)usleep(300000);
    hold->released = bk_clock_ms();
    bk_card_end(hold->t->card);
    return NULL;
}

/* A signature proves the number as it was when it was asked for: what happened while it was waited
 * for may have come after it. */
START_TEST(a_proof_is_as_old_as_its_signature)
{
    char folder[] = "/tmp/bjca-token.XXXXXX";
    uint8_t digest[32] = {1}, signature[64];
    pthread_t thread;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(bk_vkey_create(key_path, &(struct bk_vkey_params){.serial = "NUM2"}), BK_OK);
    struct bk_token *t = power_up();
    struct bk_container c = made(t, "A", BK_ALG_SM2);
    struct hold hold = {.t = power_up()};
    c.open = true;
    ck_assert_int_eq(bk_card_begin(hold.t->card), BK_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, let_go, &hold), 0);
    ck_assert_int_eq(bk_token_sm2_sign(t, &c, digest, signature), BK_OK);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_ne(c.proved_ms, 0);
    ck_assert_int_lt(c.proved_ms, hold.released);
    bk_token_free(&t);
    bk_token_free(&hold.t);
    ck_assert_int_eq(unlink(key_path), 0);
    ck_assert_int_eq(unlink("sequence.key.lock"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("token_key");
    TCase *t = tcase_create("token_key");
    tcase_add_test(t, another_key_after_a_reset_gets_no_pin);
    tcase_add_test(t, a_key_that_is_reset_again_and_again_is_no_stranger);
    tcase_add_test(t, a_path_may_have_a_colon);
    tcase_add_test(t, a_sequence_in_process_is_nobody_elses);
    tcase_add_loop_test(t, a_number_is_proved_while_a_reset_may_come, 0, 2);
    tcase_add_test(t, a_proof_is_as_old_as_its_signature);
    suite_add_tcase(suite, t);
    t = tcase_create("lost");
    tcase_add_checked_fixture(t, setup_lossy, teardown_lossy);
    tcase_add_test(t, a_lost_refusal_is_found_out_and_not_repeated);
    tcase_add_test(t, a_lost_answer_that_cost_nothing_is_told_as_lost);
    tcase_add_test(t, a_change_whose_answer_is_lost_costs_no_try);
    tcase_add_test(t, a_change_whose_answer_is_cut_costs_no_try);
    tcase_add_test(t, what_others_do_in_the_middle_of_a_repair_is_got_over);
    tcase_add_test(t, a_repair_within_a_sequence_is_in_one);
    tcase_add_loop_test(t, a_number_that_is_refused_is_asked_for_anew, 0, 7);
    tcase_add_test(t, a_private_file_is_not_lost_with_a_log_in);
    tcase_add_test(t, a_file_that_nobody_gets_is_passed_over);
    tcase_add_test(t, a_container_that_goes_while_the_key_is_read_is_no_error);
    tcase_add_test(t, what_no_repair_helps_is_told);
    tcase_add_test(t, a_kept_pin_is_not_sent_where_one_was_refused);
    tcase_add_loop_test(t, a_changed_pin_is_changed, 0, 5);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}

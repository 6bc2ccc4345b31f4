/* SPDX-License-Identifier: Apache-2.0 */
/* The generation records and what stands behind them: that nothing a client does on the key undoes
 * a renewal, and what older and later software sees. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "rows.h"
#include "runner.h"
#include "token/change.h"
#include "token/file.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define N(text) ((const CK_UTF8CHAR *)(text))
#define USER CK_BJCA_RIGHT_USER
#define ANYONE CK_BJCA_RIGHT_ANYONE
#define RSA "personalCert00"

/* --- beside the generation records
 * ------------------------------------------------------------------------*/

static bool generations(const struct bk_token *t, unsigned current, size_t count)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->containers[i]->role !=
            (t->containers[i]->generation == current ? BK_ROLE_CURRENT : BK_ROLE_HISTORY))
            return false;
    return t->count == count;
}

static bool on_the_key(unsigned current, size_t count)
{
    struct bk_readers *readers = NULL;
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    bool good = generations(t, current, count);
    life_other_free(&t, &readers);
    return good;
}

/* A program that has read nothing yet writes a file: the record that rules goes on ruling,
 * whichever of the two files it stands in. */
START_TEST(a_file_of_a_fresh_process_undoes_no_renewal)
{
    CK_BYTE b[] = "1234";
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (unsigned n = 0; n < 4; n++) {
        ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
        life_restart();
        s = mh_login(&h, 0);
        ck_assert_uint_eq(h.v->BJCA_CreateFile(s, N("mine"), 10, ANYONE, USER), CKR_OK);
        ck_assert(on_the_key(n, n + 1));
        life_restart();
        s = mh_login(&h, 0);
        ck_assert_uint_eq(h.v->BJCA_WriteFile(s, N("mine"), 0, b, 4), CKR_OK);
        ck_assert(on_the_key(n, n + 1));
        life_restart();
        s = mh_login(&h, 0);
        ck_assert_uint_eq(h.v->BJCA_DeleteFile(s, N("mine")), CKR_OK);
        ck_assert(on_the_key(n, n + 1));
        (void)h.v->BJCA_RenewAbort(s, N(RSA));
        ck_assert(on_the_key(n, n + 1));
        ck_assert(mh_identity_works(&h, s));
    }
    life_teardown();
}
END_TEST

/* The same of one that read the key before another renewed it. */
START_TEST(a_file_of_another_process_undoes_no_renewal)
{
    struct bk_readers *readers = NULL;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    for (unsigned n = 1; n < 4; n++) {
        struct bk_record old = t->records.rules;
        ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
        /* nor by a caller who forgets to look first */
        ck_assert_int_eq(bk_token_write_record(t, &old), BK_ESTATE);
        ck_assert(on_the_key(n, n + 1));
        ck_assert_int_eq(n == 1   ? bk_file_create(t, "mine", 10, BK_RIGHT_ANYONE, BK_RIGHT_USER)
                         : n == 2 ? bk_file_put(t, "mine", 0, "1", 1)
                                  : bk_file_delete(t, "mine"),
                         BK_OK);
        ck_assert(generations(t, n, n + 1));
        ck_assert(on_the_key(n, n + 1));
    }
    life_other_free(&t, &readers);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

static const char *const record_files[2] = {"BJCAP11A", "BJCAP11B"};

static CK_RV set_label(CK_SESSION_HANDLE s, const char *text)
{
    CK_ATTRIBUTE l = {CKA_LABEL, (void *)(uintptr_t)text, strlen(text)};
    return h.f->C_SetAttributeValue(s, mh_find(&h, s, CKO_CERTIFICATE, 0), &l, 1);
}

static bool label_is(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, const char *text)
{
    struct bk_buf label = BK_BUF_INIT;
    bool good = mh_bytes_attr(&h, s, o, CKA_LABEL, &label) && label.len == strlen(text) &&
                memcmp(label.data, text, label.len) == 0;
    bk_buf_free(&label);
    return good;
}

static bool has_label(CK_SESSION_HANDLE s, const char *text)
{
    return label_is(s, mh_find(&h, s, CKO_CERTIFICATE, 0), text);
}

/* docs/formats.md clause 1, as a module reads it that knows no labels: version 1, nothing behind
 * its entries. */
static void read_record(struct bk_token *t, int i, struct bk_buf *bytes)
{
    uint8_t sum[32];
    ck_assert_int_eq(bk_card_read_file(t->card, record_files[i], 0, 1024, false, bytes), BK_OK);
    size_t size = (size_t)bytes->data[6] << 8 | bytes->data[7];
    ck_assert_uint_ge(size, 20);
    ck_assert_int_eq(bk_digest(BK_HASH_SM3, bytes->data, size - 8, sum), BK_OK);
    ck_assert_mem_eq(bytes->data + size - 8, sum, 8);
    bytes->len = size;
}

/* Its number is that of the next one: a key's first is by chance, and may end in any byte. */
static void make_next(struct bk_buf *bytes)
{
    uint8_t sum[32];
    for (int i = 11; i >= 8 && ++bytes->data[i] == 0; i--)
        ;
    ck_assert_int_eq(bk_digest(BK_HASH_SM3, bytes->data, bytes->len - 8, sum), BK_OK);
    memcpy(bytes->data + bytes->len - 8, sum, 8);
}

/* With labels in both files an older module sees the generations that are. */
START_TEST(labels_hide_no_generation)
{
    static const uint8_t entries[] = {14,  'p', 'e', 'r', 's', 'o', 'n', 'a', 'l',
                                      'C', 'e', 'r', 't', '0', '0', 0,   2};
    struct bk_readers *readers = NULL;
    struct bk_buf bytes = BK_BUF_INIT;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(set_label(s, "one"), CKR_OK);
    ck_assert_uint_eq(set_label(s, "two"), CKR_OK);
    struct bk_token *t = life_other(&readers);
    for (int i = 0; i < 2; i++) {
        read_record(t, i, &bytes);
        ck_assert_uint_eq(bytes.data[4], 1);
        ck_assert_uint_eq(bytes.data[5], 1);
        ck_assert_uint_eq(bytes.len, 12 + sizeof entries + 8);
        ck_assert_mem_eq(bytes.data + 12, entries, sizeof entries);
    }
    life_other_free(&t, &readers);
    life_restart();
    s = mh_login(&h, 0);
    ck_assert(has_label(s, "two"));
    ck_assert(on_the_key(2, 3));
    bk_buf_free(&bytes);
    life_teardown();
}
END_TEST

/* An older module's next record has no labels: those of the record before it are taken. */
START_TEST(labels_outlive_an_older_module_s_record)
{
    struct bk_readers *readers = NULL;
    struct bk_buf bytes = BK_BUF_INIT;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK); /* 1 in A */
    ck_assert_uint_eq(set_label(s, "one"), CKR_OK);              /* 2 in B */
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    int to = 1 - t->records.which;
    read_record(t, 1 - to, &bytes);
    make_next(&bytes);
    ck_assert_int_eq(bk_card_write_file(t->card, record_files[to], 0, bytes.data, bytes.len, false),
                     BK_OK);
    life_other_free(&t, &readers);
    ck_assert(has_label(s, "one"));
    /* what is taken away stays away */
    ck_assert_uint_eq(set_label(s, RSA), CKR_OK);
    life_restart();
    s = mh_login(&h, 0);
    ck_assert(has_label(s, RSA));
    ck_assert(on_the_key(1, 2));
    bk_buf_free(&bytes);
    life_teardown();
}
END_TEST

/* The next record, of version 9. What stands in the other place is read anew after half a minute
 * alone. */
static void write_later_record(void)
{
    struct bk_readers *readers = NULL;
    struct bk_buf bytes = BK_BUF_INIT;
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    int to = t->records.which ? 0 : 1; /* as each change is written */
    read_record(t, t->records.which, &bytes);
    bytes.data[4] = 9;
    make_next(&bytes);
    ck_assert_int_eq(bk_card_write_file(t->card, record_files[to], 0, bytes.data, bytes.len, false),
                     BK_OK);
    bk_buf_free(&bytes);
    life_other_free(&t, &readers);
}

/* docs/pkcs11-profile.md, as 5.7 and 5.18 name the code for objects. */
#define LATER(want, call) row("Keys of later software", want, call, #call)

/* A key that later software has written to: its newest identity works, nothing is changed, whether
 * this process has read it before or not. */
START_TEST(a_record_of_a_later_version)
{
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE stored[] = {{CKA_CLASS, &class, sizeof class},
                             {CKA_TOKEN, &yes, 1},
                             {CKA_LABEL, (void *)(uintptr_t) "kept", 4}};
    CK_OBJECT_HANDLE kept = 0, of_session = 0, o = 0;
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_RSA};
    struct bk_buf before = BK_BUF_INIT, after = BK_BUF_INIT;
    CK_BYTE b[10] = {0};
    CK_ULONG n = sizeof b;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_CreateFile(s, N("mine"), 10, ANYONE, USER), CKR_OK);
    ck_assert_uint_eq(h.f->C_CreateObject(s, stored, 3, &kept), CKR_OK);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    write_later_record();
    if (_i) {
        life_restart();
        s = mh_login(&h, 0);
    }
    ck_assert_uint_eq(life_find_label(s, "kept", &kept), 1);
    ck_assert_uint_eq(h.f->C_CreateObject(s, stored, 1, &of_session), CKR_OK);
    mh_save(&h, &before);
    LATER(CKR_FUNCTION_NOT_SUPPORTED, h.v->BJCA_RenewAbort(s, N(RSA)));
    LATER(CKR_FUNCTION_NOT_SUPPORTED, h.v->BJCA_RenewCommit(s, N(RSA)));
    LATER(CKR_FUNCTION_NOT_SUPPORTED, h.v->BJCA_RenewBegin(s, N(RSA), &p, NULL, NULL));
    LATER(CKR_FUNCTION_NOT_SUPPORTED, h.v->BJCA_DeleteHistory(s, N(RSA), 0));
    LATER(CKR_FUNCTION_NOT_SUPPORTED, h.v->BJCA_CreateFile(s, N("other"), 10, ANYONE, USER));
    LATER(CKR_FUNCTION_NOT_SUPPORTED, h.v->BJCA_WriteFile(s, N("mine"), 0, b, 4));
    LATER(CKR_FUNCTION_NOT_SUPPORTED, h.v->BJCA_DeleteFile(s, N("mine")));
    LATER(CKR_FUNCTION_NOT_SUPPORTED, h.v->BJCA_CreateContainer(s, N("new")));
    LATER(CKR_FUNCTION_NOT_SUPPORTED, h.v->BJCA_DeleteContainer(s, N("new")));
    LATER(CKR_TOKEN_WRITE_PROTECTED, life_generate(s, "new"));
    LATER(CKR_TOKEN_WRITE_PROTECTED, set_label(s, "one"));
    LATER(CKR_TOKEN_WRITE_PROTECTED, h.f->C_CreateObject(s, stored, 2, &o));
    LATER(CKR_TOKEN_WRITE_PROTECTED, h.f->C_CopyObject(s, of_session, stored + 1, 1, &o));
    LATER(CKR_TOKEN_WRITE_PROTECTED, h.f->C_SetAttributeValue(s, kept, stored + 2, 1));
    LATER(CKR_TOKEN_WRITE_PROTECTED, h.f->C_DestroyObject(s, kept));
    rows_end(15);
    mh_save(&h, &after);
    ck_assert(before.len == after.len && memcmp(before.data, after.data, after.len) == 0);
    ck_assert_uint_eq(h.v->BJCA_ReadFile(s, N("mine"), 0, b, &n), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    ck_assert(on_the_key(2, 3));
    bk_buf_free(&before);
    bk_buf_free(&after);
    life_teardown();
}
END_TEST

/* Nor is it erased, or its user's PIN taken away first. */
START_TEST(a_record_of_a_later_version_at_a_station)
{
    struct bk_buf before = BK_BUF_INIT, after = BK_BUF_INIT;
    CK_UTF8CHAR label[] = "Key of production               ";
    CK_TOKEN_INFO info;
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, "[module]\nproduction-station = yes\n");
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    ck_assert_uint_eq(info.flags & CKF_WRITE_PROTECTED, 0);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    write_later_record();
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    mh_save(&h, &before);
    ROW("5.5.7", CKR_TOKEN_WRITE_PROTECTED,
        C_InitToken(0, (CK_BYTE *)(uintptr_t)MH_ADMIN, sizeof MH_ADMIN - 1, label));
    rows_end(1);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    ck_assert_uint_ne(info.flags & CKF_WRITE_PROTECTED, 0);
    mh_save(&h, &after);
    ck_assert(before.len == after.len && memcmp(before.data, after.data, after.len) == 0);
    ck_assert(mh_identity_works(&h, mh_login(&h, 0)));
    bk_buf_free(&before);
    bk_buf_free(&after);
    life_teardown();
}
END_TEST

/* Other software deletes a container of which a record stands, and a label. */
static void delete_by_others(const char *first, const char *second)
{
    struct bk_readers *readers = NULL;
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_card_delete_container(t->card, first), BK_OK);
    if (second)
        ck_assert_int_eq(bk_card_delete_container(t->card, second), BK_OK);
    life_other_free(&t, &readers);
}

/* A name whose containers are gone starts again, by each of the three ways to make one. */
START_TEST(a_name_that_comes_again)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_RSA};
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(set_label(s, "old words"), CKR_OK);
    delete_by_others(RSA, RSA "~1");
    if (_i == 0)
        ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N(RSA)), CKR_OK);
    if (_i == 1)
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, N(RSA), &p, NULL, NULL), CKR_OK);
    if (_i == 2)
        ck_assert_uint_eq(life_generate(s, RSA), CKR_OK);
    ck_assert(on_the_key(0, 1));
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N(RSA)), CKR_OK);
    ck_assert_uint_eq(life_generate(s, RSA), CKR_OK);
    ck_assert(on_the_key(0, 1));
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    ck_assert(has_label(s, RSA));
    life_teardown();
}
END_TEST

/* The label of one that was given up, or that others deleted, isn't that of the next. */
START_TEST(a_label_is_not_inherited)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_RSA};
    CK_ATTRIBUTE l = {CKA_LABEL, (void *)(uintptr_t) "old words", 9};
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, N("mine"), &p, NULL, NULL), CKR_OK);
    CK_OBJECT_HANDLE o = mh_find(&h, s, CKO_PRIVATE_KEY, 0);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &l, 1), CKR_OK);
    if (_i % 2)
        delete_by_others("mine", NULL);
    else
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, N("mine")), CKR_OK);
    if (_i < 2)
        ck_assert_uint_eq(life_generate(s, "mine"), CKR_OK);
    else if (_i < 4)
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, N("mine"), &p, NULL, NULL), CKR_OK);
    else
        ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N("mine")), CKR_OK);
    if (_i >= 4)
        ck_assert_uint_eq(life_generate(s, "mine"), CKR_OK);
    ck_assert(label_is(s, mh_find(&h, s, CKO_PRIVATE_KEY, 0), "mine"));
    life_teardown();
}
END_TEST

/* --- what is full
 * --------------------------------------------------------------------------------------------*/

static char long_label[65];

/* The objects of two identities, with a session of each slot. */
struct identities {
    CK_SESSION_HANDLE s[2];
    CK_OBJECT_HANDLE all[2][16];
    CK_ULONG n[2];
};

static void start_identities(struct identities *is)
{
    life_setup();
    life_issue_both();
    is->s[0] = mh_login(&h, 0);
    is->s[1] = life_session(1, CKF_RW_SESSION);
    for (int slot = 0; slot < 2; slot++) {
        ck_assert_uint_eq(h.f->C_FindObjectsInit(is->s[slot], NULL, 0), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjects(is->s[slot], is->all[slot], 16, &is->n[slot]), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjectsFinal(is->s[slot]), CKR_OK);
    }
    memset(long_label, 'x', 64);
}

/* Gives them labels till there is no room for another; the one, of slot 1, that has none. */
static CK_OBJECT_HANDLE fill_record(const struct identities *is)
{
    CK_ATTRIBUTE label = {CKA_LABEL, long_label, 64};
    CK_OBJECT_HANDLE last = 0;
    CK_RV rv = CKR_OK;
    for (CK_ULONG i = 0; i < is->n[0]; i++)
        ck_assert_uint_ne(h.f->C_SetAttributeValue(is->s[0], is->all[0][i], &label, 1),
                          CKR_DEVICE_MEMORY);
    for (CK_ULONG i = 0; i < is->n[1] && rv != CKR_DEVICE_MEMORY; i++) {
        last = is->all[1][i];
        rv = h.f->C_SetAttributeValue(is->s[1], last, &label, 1);
    }
    ck_assert_uint_eq(rv, CKR_DEVICE_MEMORY);
    return last;
}

static CK_ULONG labelled(const struct identities *is)
{
    return life_find_label(is->s[0], long_label, NULL) +
           life_find_label(is->s[1], long_label, NULL);
}

static char a_name[] = "0 name as long as names can be in the record";

static void renew_twice(CK_SESSION_HANDLE s, char which)
{
    a_name[0] = which;
    ck_assert_uint_eq(mh_renew(&h, s, a_name, CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, a_name, CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_DeleteHistory(s, N(a_name), 0), CKR_OK);
}

/* The labels of a name that is on the key no more take nobody's room. */
START_TEST(labels_of_a_name_that_is_gone_make_room)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE name = {CKA_LABEL, a_name, sizeof a_name - 1}, label = {CKA_LABEL, long_label, 64};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    struct identities is;
    start_identities(&is);
    ck_assert_uint_eq(mh_generate(&h, is.s[1], &m, &name, 1, NULL, 0, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(is.s[1], pub, &label, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(is.s[1], priv, &label, 1), CKR_OK);
    CK_OBJECT_HANDLE last = fill_record(&is);
    delete_by_others(a_name, NULL);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(is.s[1], last, &label, 1), CKR_OK);
    life_teardown();
}
END_TEST

/* Nor is its generation worth a label of one that is there. */
START_TEST(generations_of_names_that_are_gone_go_before_labels)
{
    CK_ATTRIBUTE label = {CKA_LABEL, long_label, 64};
    CK_RV rv = CKR_DEVICE_MEMORY;
    struct identities is;
    start_identities(&is);
    for (char c = '0'; c < '3'; c++)
        renew_twice(is.s[1], c);
    CK_OBJECT_HANDLE last = fill_record(&is);
    while (rv == CKR_DEVICE_MEMORY && --label.ulValueLen) /* to the last byte */
        rv = h.f->C_SetAttributeValue(is.s[1], last, &label, 1);
    for (char c = '0'; c < '3'; c++) {
        char full[] = "0 name as long as names can be in the record~1";
        full[0] = c;
        delete_by_others(full, NULL);
    }
    CK_ULONG had = labelled(&is);
    for (char c = '3'; c < '6'; c++)
        renew_twice(is.s[1], c);
    ck_assert_uint_eq(labelled(&is), had);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record");
    TCase *t = life_case("record");
    tcase_add_test(t, a_file_of_a_fresh_process_undoes_no_renewal);
    tcase_add_test(t, a_file_of_another_process_undoes_no_renewal);
    tcase_add_loop_test(t, a_name_that_comes_again, 0, 3);
    tcase_add_loop_test(t, a_label_is_not_inherited, 0, 6);
    tcase_add_test(t, labels_of_a_name_that_is_gone_make_room);
    tcase_add_test(t, generations_of_names_that_are_gone_go_before_labels);
    tcase_add_test(t, labels_hide_no_generation);
    tcase_add_test(t, labels_outlive_an_older_module_s_record);
    tcase_add_loop_test(t, a_record_of_a_later_version, 0, 2);
    tcase_add_test(t, a_record_of_a_later_version_at_a_station);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}

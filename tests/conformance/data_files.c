/* SPDX-License-Identifier: Apache-2.0 */
/* Data objects on a key whose files are more, or other ones, than the module has made. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "runner.h"
#include "token/data.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define LATER "BJCAP11Dlater"
#define CROWD "CROWD"

static CK_BBOOL yes = CK_TRUE;
static CK_OBJECT_CLASS data_class = CKO_DATA;

static CK_RV make_data(CK_SESSION_HANDLE s, const char *label, CK_OBJECT_HANDLE *o)
{
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &data_class, sizeof data_class},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)}};
    *o = 0;
    return h.f->C_CreateObject(s, t, COUNT(t), o);
}

/* How many of them are data objects of ours; the last one's name. */
static unsigned data_files(struct bk_token *t, char name[BK_FILE_NAME_MAX + 1])
{
    struct bk_names names = {BK_BUF_INIT};
    size_t at = 0;
    unsigned n = 0;
    const char *each = NULL;
    ck_assert_int_eq(bk_card_enum_files(t->card, &names), BK_OK);
    while ((each = bk_names_next(&names, &at)) != NULL) {
        if (strncmp(each, "BJCAP11D", 8) != 0)
            continue;
        (void)snprintf(name, BK_FILE_NAME_MAX + 1, "%s", each);
        n++;
    }
    bk_names_free(&names);
    return n;
}

/* --- versions
 * -----------------------------------------------------------------------------------*/

/* A later version beside the one that is there. */
static void put_later(void)
{
    struct bk_readers *readers = NULL;
    struct bk_buf bytes = BK_BUF_INIT;
    struct bk_data *data = NULL;
    char name[BK_FILE_NAME_MAX + 1];
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_uint_eq(data_files(t, name), 1);
    ck_assert_int_eq(bk_card_read_file(t->card, name, 0, BK_CARD_FILE_MAX, true, &bytes), BK_OK);
    ck_assert_int_eq(bk_data_decode(bytes.data, bytes.len, &data), BK_OK);
    data->version++;
    bk_buf_clear(&bytes);
    ck_assert_int_eq(bk_data_encode(data, &bytes), BK_OK);
    ck_assert_int_eq(bk_card_create_file(t->card, LATER, (uint32_t)bytes.len, BK_RIGHT_USER, 0x10),
                     BK_OK);
    ck_assert_int_eq(bk_card_write_file(t->card, LATER, 0, bytes.data, bytes.len, true), BK_OK);
    bk_data_free(&data);
    bk_buf_free(&bytes);
    life_other_free(&t, &readers);
}

/* What LATER is isn't told. */
static enum bk_err tells_nothing(struct bk_transport *inner, const uint8_t *command, size_t len,
                                 bool sensitive, struct bk_buf *answer)
{
    if (command[1] != 0x36 || !memmem(command, len, LATER, strlen(LATER)))
        return inner->ops->transmit(inner, command, len, sensitive, answer);
    bk_buf_clear(answer);
    return bk_buf_put(answer, "\x6f\x42", 2);
}

/* What a change takes for a leftover is of no later version than what it knows of. */
START_TEST(a_later_version_is_no_leftover)
{
    struct bk_readers *readers = NULL;
    CK_OBJECT_HANDLE o = 0;
    uint32_t size = 0, rights = 0, write = 0;
    char name[BK_FILE_NAME_MAX + 1];
    life_setup();
    ck_assert_uint_eq(make_data(mh_login(&h, 0), "kept", &o), CKR_OK);
    put_later();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = tells_nothing;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(make_data(mh_login(&h, 0), "next", &o), CKR_OK);
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_card_get_file_info(t->card, LATER, &size, &rights, &write), BK_OK);
    life_other_free(&t, &readers);
    /* once it can be read the other one is the leftover */
    life_transmit = NULL;
    life_restart();
    ck_assert_uint_eq(make_data(mh_login(&h, 0), "more", &o), CKR_OK);
    t = life_other(&readers);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_card_get_file_info(t->card, LATER, &size, &rights, &write), BK_OK);
    ck_assert_uint_eq(data_files(t, name), 3);
    life_other_free(&t, &readers);
    life_teardown();
}
END_TEST

/* --- a crowd
 * ------------------------------------------------------------------------------------*/

static unsigned crowd;

static enum bk_err list_crowd(struct bk_buf *answer)
{
    enum bk_err err = BK_OK;
    answer->len -= 2;
    for (unsigned i = 0; !err && i < crowd; i++) {
        err = bk_buf_printf(answer, CROWD "%u", i);
        if (!err)
            err = bk_buf_put_u8(answer, 0);
    }
    return err ? err : bk_buf_put(answer, "\x90\x00", 2);
}

/* So many files of others behind the key's own, a byte each, for anyone to read. */
static enum bk_err with_crowd(struct bk_transport *inner, const uint8_t *command, size_t len,
                              bool sensitive, struct bk_buf *answer)
{
    static const uint8_t info[] = {1, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0x90, 0},
                         byte[] = {7, 0x90, 0};
    if (memmem(command, len, CROWD, strlen(CROWD))) {
        bk_buf_clear(answer);
        return command[1] == 0x36 ? bk_buf_put(answer, info, sizeof info)
                                  : bk_buf_put(answer, byte, sizeof byte);
    }
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    return err || command[1] != 0x34 ? err : list_crowd(answer);
}

/* A key whose list is full takes no other: nothing is written for it. What is there can be changed,
 * and makes room when it goes. */
START_TEST(one_more_than_the_list_holds)
{
    struct bk_readers *readers = NULL;
    CK_OBJECT_HANDLE kept = 0, o = 0;
    CK_ATTRIBUTE set = {CKA_VALUE, (void *)(uintptr_t) "new", 3};
    char name[BK_FILE_NAME_MAX + 1];
    life_setup();
    ck_assert_uint_eq(make_data(mh_login(&h, 0), "kept", &kept), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    crowd = BK_TOKEN_DATA - 1;
    life_transmit = with_crowd;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(make_data(s, "more", &o), CKR_DEVICE_MEMORY);
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_uint_eq(data_files(t, name), 1);
    life_other_free(&t, &readers);
    ck_assert_uint_eq(life_find_label(s, "kept", &kept), 1);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, kept, &set, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, kept), CKR_OK);
    ck_assert_uint_eq(make_data(s, "more", &o), CKR_OK);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("data_files");
    TCase *t = tcase_create("data_files");
    tcase_add_test(t, a_later_version_is_no_leftover);
    tcase_add_test(t, one_more_than_the_list_holds);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}

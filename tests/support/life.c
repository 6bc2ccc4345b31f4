/* SPDX-License-Identifier: Apache-2.0 */
#include "life.h"

#include <stdlib.h>
#include <string.h>

/* of a file on the virtual key, besides its bytes; and its most bytes */
#define FILE_SPACE 64
#define FILE_SIZE_MAX 16384

struct modhost h;
struct bk_fault fault;
struct bk_transport *key;
life_transmitter life_transmit;

/* What stands between the module and the key where a test wants it. */
struct between {
    struct bk_transport base;
    struct bk_transport *inner;
};

static struct bk_transport *inner_of(struct bk_transport *t)
{
    return ((struct between *)t)->inner;
}

static enum bk_err between_transmit(struct bk_transport *t, const uint8_t *command, size_t len,
                                    bool sensitive, struct bk_buf *answer)
{
    struct bk_transport *inner = inner_of(t);
    if (!life_transmit) /* the test takes it away while the key is in use */
        return inner->ops->transmit(inner, command, len, sensitive, answer);
    return life_transmit(inner, command, len, sensitive, answer);
}

static enum bk_err between_begin(struct bk_transport *t)
{
    return inner_of(t)->ops->begin(inner_of(t));
}

static void between_end(struct bk_transport *t)
{
    inner_of(t)->ops->end(inner_of(t));
}

static enum bk_err between_reset(struct bk_transport *t)
{
    return inner_of(t)->ops->reset(inner_of(t));
}

static void between_close(struct bk_transport *t)
{
    bk_transport_close(&((struct between *)t)->inner);
    free(t);
}

static enum bk_err put_between(struct bk_transport **t)
{
    static const struct bk_transport_ops ops = {between_transmit, between_begin, between_end,
                                                between_reset,    between_close, NULL};
    struct between *b = calloc(1, sizeof *b);
    if (!b)
        return BK_ENOMEM;
    b->base = **t;
    b->base.ops = &ops;
    b->inner = *t;
    *t = &b->base;
    return BK_OK;
}

static enum bk_err wrap(void *context, struct bk_transport **t)
{
    (void)context;
    key = *t;
    enum bk_err err = life_transmit ? put_between(t) : BK_OK;
    return err ? err : bk_filter_fault(t, &fault);
}

void life_start_key(const struct bk_vkey_params *params, const char *more)
{
    memset(&fault, 0, sizeof fault);
    life_transmit = NULL;
    bk_reader_set_wrap(wrap, NULL);
    mh_make_key(&h, params, more);
    mh_load(&h, NULL);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

void life_start(enum bk_vkey_dialect dialect, enum bk_vkey_shape shape, const char *more)
{
    life_start_key(&(struct bk_vkey_params){.dialect = dialect, .shape = shape}, more);
}

void life_setup(void)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
}

void life_teardown(void)
{
    (void)h.f->C_Finalize(NULL);
    mh_forget(&h);
}

void life_issue_both(void)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
}

void life_restart(void)
{
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

void life_lock_it(void)
{
    CK_SESSION_HANDLE s = 0;
    char pin[] = "wrong-0";
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s), CKR_OK);
    for (int i = 0; i < 10; i++) {
        pin[6] = (char)('0' + i);
        (void)h.f->C_Login(s, CKU_USER, (CK_BYTE *)pin, 7);
    }
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_PIN_LOCKED);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
}

CK_ULONG life_admin_left(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    return st.adminTriesLeft;
}

CK_RV life_renewed(CK_SESSION_HANDLE s, const char *name, CK_BJCA_RENEW_STATE *state)
{
    memset(state, 0, sizeof *state);
    state->ulSize = sizeof *state;
    return h.v->BJCA_RenewState(s, (const CK_UTF8CHAR *)name, state);
}

struct bk_token *life_other(struct bk_readers **readers)
{
    struct bk_reader_options o = {.virtual_key = h.key,
                                  .dialect = "auto",
                                  .trace_fd = -1,
                                  .token = {.application = "BJCA-Application"}};
    struct bk_reader list[BK_READER_MAX];
    struct bk_token *token = NULL;
    size_t n = 0;
    bk_reader_set_wrap(NULL, NULL);
    ck_assert_int_eq(bk_readers_new(&o, readers), BK_OK);
    ck_assert_int_eq(bk_readers_list(*readers, list, &n), BK_OK);
    ck_assert_int_eq(bk_reader_open(*readers, &list[0], &token), BK_OK);
    bk_reader_set_wrap(wrap, NULL);
    return token;
}

void life_other_free(struct bk_token **token, struct bk_readers **readers)
{
    bk_token_free(token);
    bk_readers_free(readers);
}

void life_fill(CK_ULONG left)
{
    struct bk_readers *readers = NULL;
    struct bk_token *t = life_other(&readers);
    char name[] = "FILLERA";
    ck_assert_int_eq(bk_token_login(t, MH_PIN, strlen(MH_PIN)), BK_OK);
    ck_assert_int_eq(bk_card_get_dev_info(t->card), BK_OK);
    for (; t->card->info.free_space > left + FILE_SPACE; name[6]++) {
        CK_ULONG size = t->card->info.free_space - left - FILE_SPACE;
        size = size < FILE_SIZE_MAX ? size : FILE_SIZE_MAX;
        ck_assert_int_eq(bk_card_create_file(t->card, name, (uint32_t)size, 0, BK_RIGHT_USER),
                         BK_OK);
        ck_assert_int_eq(bk_card_get_dev_info(t->card), BK_OK);
    }
    life_other_free(&t, &readers);
}

void life_load_only(CK_SESSION_HANDLE s, const char *text, CK_KEY_TYPE type, CK_FLAGS flags)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)text;
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .flags = flags, .keyType = type};
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    struct mh_issued parts;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &p, csr, &len), CKR_OK);
    struct bk_buf view = {csr, len, len};
    mh_issue(&view, true, &parts);
    CK_BJCA_LOAD load = mh_load_of(&parts);
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_OK);
    mh_issued_free(&parts);
}

CK_SESSION_HANDLE life_session(CK_SLOT_ID slot, CK_FLAGS rw)
{
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | rw, NULL, NULL, &s), CKR_OK);
    return s;
}

bool life_has_label(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, const char *label)
{
    struct bk_buf b = BK_BUF_INIT;
    bool same = mh_bytes_attr(&h, s, o, CKA_LABEL, &b) && b.len == strlen(label) &&
                memcmp(b.data, label, b.len) == 0;
    bk_buf_free(&b);
    return same;
}

CK_ULONG life_find_label(CK_SESSION_HANDLE s, const char *label, CK_OBJECT_HANDLE *o)
{
    CK_ATTRIBUTE t = {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)};
    CK_OBJECT_HANDLE list[8] = {0};
    CK_ULONG n = 0;
    CK_RV rv = h.f->C_FindObjectsInit(s, &t, 1);
    ck_assert(rv == CKR_OK || fault.at);
    if (rv != CKR_OK)
        return 0;
    ck_assert_uint_eq(h.f->C_FindObjects(s, list, 8, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    if (o)
        *o = list[0];
    return n;
}

CK_RV life_generate(CK_SESSION_HANDLE s, const char *name)
{
    CK_MECHANISM m = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE t = {CKA_LABEL, (void *)(uintptr_t)name, strlen(name)};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    return mh_generate(&h, s, &m, NULL, 0, &t, 1, &pub, &priv);
}

CK_FLAGS life_token_flags(void)
{
    CK_TOKEN_INFO info;
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    return info.flags;
}

CK_ULONG life_containers(void)
{
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.v->BJCA_GetContainers(0, NULL, &n), CKR_OK);
    return n;
}

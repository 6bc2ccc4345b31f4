/* SPDX-License-Identifier: Apache-2.0 */
#include "host.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/ctx.h"
#include "crypto/rsa.h"
#include "token/reader.h"
#include "vkey/store.h"

#define NOW 1780000000 /* the time of every run */
#define RSA_KEYS 8     /* of which fixtures take the first */
#define LIES 16
#define BLOCKS 8192

uint8_t fz_device_key[16] = "device-key-fuzz";
CK_SESSION_HANDLE fz_sessions[FZ_SESSIONS];
CK_ULONG fz_session_count;
CK_OBJECT_HANDLE fz_objects[FZ_OBJECTS];
CK_ULONG fz_object_count;
void (*fz_change)(struct bk_vkey *vkey);

int LLVMFuzzerInitialize(int *argc, char ***argv);
const char *__asan_default_options(void);

/* OpenSSL asks for memory thousands of times a run, and each would take down its whole stack. */
const char *__asan_default_options(void)
{
    return "malloc_context_size=2";
}

/* --- what is the same each time: the linker's --wrap has these calls come by
 * -------------------------------------------------------------------------------------------*/

enum bk_err __real_bk_rsa_generate(unsigned bits, struct bk_rsa_key **made);
enum bk_err __wrap_bk_rsa_generate(unsigned bits, struct bk_rsa_key **made);
enum bk_err __wrap_bk_random(void *data, size_t len);
void __wrap_bk_crypto_cleanup(void);
time_t __wrap_time(time_t *out);

static struct bk_buf rsa_keys[RSA_KEYS];
static size_t rsa_next;
static uint32_t random_state;

/* Keys are made once a process: it takes longer than a run. */
enum bk_err __wrap_bk_rsa_generate(unsigned bits, struct bk_rsa_key **made)
{
    struct bk_buf *der = &rsa_keys[rsa_next++ % RSA_KEYS];
    if (der->len)
        return bk_rsa_from_der(der->data, der->len, made);
    enum bk_err err = __real_bk_rsa_generate(bits, made);
    return err ? err : bk_rsa_to_der(*made, der);
}

enum bk_err __wrap_bk_random(void *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        random_state = random_state * 1664525u + 1013904223u;
        ((uint8_t *)data)[i] = (uint8_t)(random_state >> 24);
    }
    return BK_OK;
}

/* OpenSSL's context is kept from run to run, for the same reason. */
void __wrap_bk_crypto_cleanup(void)
{
}

time_t __wrap_time(time_t *out)
{
    if (out)
        *out = NOW;
    return NOW;
}

/* Check's own want a runner around them. */
void _mark_point(const char *file, int line)
{
    (void)file;
    (void)line;
}

void _ck_assert_failed(const char *file, int line, const char *expr, const char *msg, ...)
{
    fprintf(stderr, "%s:%d: %s %s\n", file, line, expr, msg ? msg : "");
    abort();
}

/* --- the input
 * ----------------------------------------------------------------------------------*/

static struct bk_rd input;
static void *blocks[BLOCKS];
static size_t block_count;

size_t fz_left(void)
{
    return input.left;
}

uint8_t fz_u8(void)
{
    uint8_t v = 0;
    return bk_rd_u8(&input, &v) ? 0 : v;
}

uint16_t fz_u16(void)
{
    uint16_t high = fz_u8();
    return (uint16_t)(high << 8 | fz_u8());
}

const uint8_t *fz_take(size_t *len)
{
    const uint8_t *bytes = NULL;
    if (*len > input.left)
        *len = input.left;
    FZ_CHECK(bk_rd_take(&input, *len, &bytes) == BK_OK);
    return bytes;
}

void *fz_alloc(size_t len)
{
    void *block = malloc(len);
    FZ_CHECK(block && block_count < BLOCKS);
    memset(block, 0, len);
    blocks[block_count++] = block;
    return block;
}

void fz_add_session(CK_SESSION_HANDLE s)
{
    if (fz_session_count < FZ_SESSIONS)
        fz_sessions[fz_session_count++] = s;
}

void fz_add_object(CK_OBJECT_HANDLE o)
{
    if (fz_object_count < FZ_OBJECTS)
        fz_objects[fz_object_count++] = o;
}

/* --- a key that lies
 * ----------------------------------------------------------------------------*/

struct lie {
    unsigned at; /* of the exchanges */
    uint8_t kind;
    uint16_t offset;
    const uint8_t *bytes;
    size_t len;
};

static struct {
    struct lie list[LIES];
    size_t count;
    const struct lie *always[256]; /* by instruction */
    unsigned exchanges;
    bool on, away;
    struct bk_buf before;
} lies;

struct liar {
    struct bk_transport base;
    struct bk_transport *inner;
    bool gone;
};

static enum bk_err put_status(struct bk_buf *answer, unsigned sw)
{
    return bk_buf_put_u16be(answer, (uint16_t)sw);
}

static enum bk_err replace(const struct lie *l, struct bk_buf *answer)
{
    bk_buf_clear(answer);
    if (l->kind == FZ_STATUS)
        return put_status(answer, l->offset);
    enum bk_err err = bk_buf_put(answer, l->bytes, l->len);
    return err || l->kind == FZ_REPLACE ? err : put_status(answer, 0x9000);
}

static enum bk_err alter(const struct lie *l, struct bk_buf *answer)
{
    uint8_t sw[2] = {0x90, 0};
    if (l->kind == FZ_SHORTEN) {
        answer->len = l->offset < answer->len ? l->offset : answer->len;
        return BK_OK;
    }
    if (l->kind == FZ_OVER) {
        size_t at = answer->len ? l->offset % answer->len : 0;
        size_t room = answer->len - at;
        if (answer->len)
            memcpy(answer->data + at, l->bytes, l->len < room ? l->len : room);
        return BK_OK;
    }
    if (answer->len >= 2) {
        answer->len -= 2;
        memcpy(sw, answer->data + answer->len, 2);
    }
    enum bk_err err = bk_buf_put(answer, l->bytes, l->len);
    return err ? err : bk_buf_put(answer, sw, 2);
}

/* After the key has answered. */
static enum bk_err tell(struct liar *t, const struct lie *l, struct bk_buf *answer)
{
    switch (l->kind) {
    case FZ_REPLACE:
    case FZ_DATA:
    case FZ_STATUS:
        return replace(l, answer);
    case FZ_AGAIN:
        bk_buf_clear(answer);
        return bk_buf_put(answer, lies.before.data, lies.before.len);
    case FZ_LOST:
        bk_buf_clear(answer);
        return BK_EIO;
    case FZ_RESET:
        bk_buf_clear(answer);
        (void)t->inner->ops->reset(t->inner);
        return BK_ERESET;
    case FZ_PULLED:
    case FZ_AWAY:
        bk_buf_clear(answer);
        lies.away = lies.away || l->kind == FZ_AWAY;
        t->gone = true;
        return BK_EREMOVED;
    default:
        return alter(l, answer);
    }
}

static const struct lie *lie_now(uint8_t ins)
{
    if (!lies.on)
        return NULL;
    const struct lie *l = lies.always[ins];
    lies.exchanges++;
    for (size_t i = 0; i < lies.count; i++) {
        if (lies.list[i].at != lies.exchanges)
            continue;
        l = &lies.list[i];
        if (l->kind & 0x80) {
            lies.list[i].kind &= 0x7f;
            lies.always[ins] = l;
        }
        lies.list[i].kind %= FZ_LIES;
    }
    return l;
}

static enum bk_err liar_transmit(struct bk_transport *base, const uint8_t *command, size_t len,
                                 bool sensitive, struct bk_buf *answer)
{
    struct liar *t = (struct liar *)base;
    if (t->gone)
        return BK_EREMOVED;
    FZ_CHECK(len >= 4);
    const struct lie *l = lie_now(command[1]);
    if (l && (l->kind == FZ_NOT_SENT || l->kind == FZ_BUSY)) {
        bk_buf_clear(answer);
        return l->kind == FZ_BUSY ? BK_EBUSY : BK_ETIMEOUT;
    }
    enum bk_err err = t->inner->ops->transmit(t->inner, command, len, sensitive, answer);
    if (!err && l)
        err = tell(t, l, answer);
    bk_buf_clear(&lies.before);
    return err ? err : bk_buf_put(&lies.before, answer->data, answer->len);
}

static enum bk_err liar_begin(struct bk_transport *base)
{
    struct liar *t = (struct liar *)base;
    return t->gone ? BK_EREMOVED : t->inner->ops->begin(t->inner);
}

static void liar_end(struct bk_transport *base)
{
    struct liar *t = (struct liar *)base;
    t->inner->ops->end(t->inner);
}

static enum bk_err liar_reset(struct bk_transport *base)
{
    struct liar *t = (struct liar *)base;
    enum bk_err err = t->inner->ops->reset(t->inner);
    return t->gone ? BK_EREMOVED : err;
}

static void liar_close(struct bk_transport *base)
{
    bk_transport_close(&((struct liar *)base)->inner);
    free(base);
}

static enum bk_err put_liar(void *context, struct bk_transport **t)
{
    static const struct bk_transport_ops ops = {liar_transmit, liar_begin, liar_end,
                                                liar_reset,    liar_close, NULL};
    (void)context;
    if (lies.away)
        return BK_ENOKEY;
    struct liar *l = calloc(1, sizeof *l);
    FZ_CHECK(l);
    l->base = **t;
    l->base.ops = &ops;
    l->inner = *t;
    *t = &l->base;
    return BK_OK;
}

static void draw_lies(void)
{
    unsigned at = 0;
    memset(lies.list, 0, sizeof lies.list);
    memset(lies.always, 0, sizeof lies.always);
    lies.exchanges = 0;
    lies.on = lies.away = false;
    bk_buf_clear(&lies.before);
    lies.count = fz_u8() % (LIES + 1);
    for (size_t i = 0; i < lies.count; i++) {
        struct lie *l = &lies.list[i];
        l->at = at += fz_u8() + 1u;
        l->kind = fz_u8();
        l->offset = fz_u16();
        l->len = fz_u8();
        l->bytes = fz_take(&l->len);
    }
}

/* --- keys of all states
 * -------------------------------------------------------------------------*/

static struct bk_buf states[2][FZ_STATES];
static char folder[64], key_path[96], conf_path[4][96];

static void put_data(CK_SESSION_HANDLE s, bool private, const char *label)
{
    CK_OBJECT_CLASS data = CKO_DATA;
    CK_BBOOL yes = 1, hidden = private;
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &data, sizeof data},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_PRIVATE, &hidden, 1},
                        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)},
                        {CKA_VALUE, (void *)(uintptr_t)label, strlen(label)}};
    FZ_CHECK(h.f->C_CreateObject(s, t, 5, &o) == CKR_OK);
}

static void put_identities(struct bk_buf *state)
{
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t) "labelled", 8};
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    FZ_CHECK(mh_renew(&h, s, "personalCert00", CKK_RSA, 0) == CKR_OK);
    FZ_CHECK(h.f->C_SetAttributeValue(s, mh_find(&h, s, CKO_CERTIFICATE, 0), &label, 1) == CKR_OK);
    put_data(s, false, "open");
    put_data(s, true, "private");
    FZ_CHECK(h.v->BJCA_CreateFile(s, (const CK_UTF8CHAR *)"file", 32, CK_BJCA_RIGHT_ANYONE,
                                  CK_BJCA_RIGHT_USER) == CKR_OK);
    mh_save(&h, state);
}

static void put_staged(struct bk_buf *state)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    life_load_only(s, "personalCert00", CKK_RSA, 0);
    FZ_CHECK(h.v->BJCA_RenewBegin(s, (const CK_UTF8CHAR *)"personalCert01", &p, NULL, NULL) ==
             CKR_OK);
    mh_save(&h, state);
}

/* Cut where the key says that it was begun; before this exchange nothing of it is on the key. */
#define KEPT_FROM 80u

static void put_kept(const struct bk_buf *from, struct bk_buf *state)
{
    CK_BJCA_RENEW_STATE st = {0};
    for (unsigned n = KEPT_FROM; n < 200 && !(st.state && st.flags); n++) {
        mh_restore(&h, from);
        life_restart();
        CK_SESSION_HANDLE s = mh_login(&h, 0);
        fault = (struct bk_fault){.kind = BK_FAULT_PULL, .at = n};
        (void)mh_renew(&h, s, "personalCert00", CKK_RSA, CKF_BJCA_KEEP_KEY);
        fault.at = 0;
        life_restart();
        FZ_CHECK(life_renewed(mh_login(&h, 0), "personalCert00", &st) == CKR_OK);
    }
    FZ_CHECK(st.state && st.flags);
    mh_save(&h, state);
}

static void put_empty(const struct bk_buf *fresh, struct bk_buf *state)
{
    struct bk_readers *readers = NULL;
    mh_restore(&h, fresh);
    struct bk_token *other = life_other(&readers);
    FZ_CHECK(bk_card_dev_auth(other->card, fz_device_key) == BK_OK);
    FZ_CHECK(bk_card_delete_application(other->card, BK_VKEY_APPLICATION) == BK_OK);
    life_other_free(&other, &readers);
    mh_save(&h, state);
}

static void make_states(enum bk_vkey_dialect dialect)
{
    struct bk_buf *of = states[dialect];
    life_start_key(&(struct bk_vkey_params){.dialect = dialect, .device_key = fz_device_key}, NULL);
    mh_save(&h, &of[FZ_FRESH]);
    put_identities(&of[FZ_IDENTITIES]);
    life_restart();
    put_staged(&of[FZ_STAGED]);
    put_kept(&of[FZ_IDENTITIES], &of[FZ_KEPT]);
    mh_restore(&h, &of[FZ_IDENTITIES]);
    life_restart();
    life_lock_it();
    mh_save(&h, &of[FZ_LOCKED]);
    put_empty(&of[FZ_FRESH], &of[FZ_EMPTY]);
    life_teardown();
}

static void clean_up(void)
{
    char lock[112];
    (void)snprintf(lock, sizeof lock, "%s.lock", key_path);
    (void)unlink(key_path);
    (void)unlink(lock);
    for (int i = 0; i < 4; i++)
        (void)unlink(conf_path[i]);
    (void)rmdir(folder);
}

/* Once a process: it takes longer than an input may. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    make_states(BK_VKEY_GMT0017);
    rsa_next = 0;
    make_states(BK_VKEY_LONGMAI);
    (void)snprintf(folder, sizeof folder, "/dev/shm/fuzz-module.%ld", (long)getpid());
    FZ_CHECK(mkdir(folder, 0700) == 0);
    (void)atexit(clean_up);
    (void)snprintf(key_path, sizeof key_path, "%s/key", folder);
    for (int i = 0; i < 4; i++) {
        char text[256];
        (void)snprintf(conf_path[i], sizeof conf_path[i], "%s/conf%d", folder, i);
        (void)snprintf(text, sizeof text,
                       "[key]\nvirtual-key = %s\npcsc = no\n[module]\nproduction-station = %s\n"
                       "login-isolation = %s\n",
                       key_path, i & 1 ? "yes" : "no", i & 2 ? "transaction" : "session");
        FZ_CHECK(bk_file_replace(conf_path[i], text, strlen(text), 0600) == BK_OK);
    }
    bk_reader_set_wrap(put_liar, NULL);
    return 0;
}

/* --- a run
 * --------------------------------------------------------------------------------------*/

static void write_key(unsigned state)
{
    const struct bk_buf *bytes =
        &states[state & FZ_LONGMAI ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017][(state & 0x7f) % FZ_STATES];
    struct bk_vkey *vkey = NULL;
    FZ_CHECK(bk_file_replace(key_path, bytes->data, bytes->len, 0600) == BK_OK);
    if (!fz_change)
        return;
    FZ_CHECK(bk_vkey_open(key_path, &vkey) == BK_OK);
    fz_change(vkey);
    FZ_CHECK(vk_store_save(vkey) == BK_OK);
    bk_vkey_close(&vkey);
}

void fz_find_all(CK_SESSION_HANDLE s)
{
    CK_OBJECT_HANDLE o[FZ_OBJECTS];
    CK_ULONG n = 0;
    if (h.f->C_FindObjectsInit(s, NULL, 0) != CKR_OK)
        return;
    if (h.f->C_FindObjects(s, o, FZ_OBJECTS, &n) == CKR_OK)
        for (CK_ULONG i = 0; i < n; i++)
            fz_add_object(o[i]);
    (void)h.f->C_FindObjectsFinal(s);
}

static void log_in(unsigned flags)
{
    bool so = (flags & FZ_SO) && (flags & FZ_STATION);
    const char *pin = so ? MH_ADMIN : MH_PIN;
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        CK_SESSION_HANDLE s = 0;
        if (h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s) != CKR_OK)
            continue;
        fz_add_session(s);
        (void)h.f->C_Login(s, so ? CKU_SO : CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
        fz_find_all(s);
    }
}

bool fz_begin(const uint8_t *data, size_t size)
{
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    if (size < 3)
        return false;
    input = bk_rd(data, size);
    unsigned state = fz_u8(), flags = fz_u8();
    draw_lies();
    random_state = 1;
    rsa_next = RSA_KEYS - 2; /* what a run makes differs from what is on the key */
    fz_session_count = fz_object_count = 0;
    write_key(state);
    mh_new_unlock(&h);
    h.dialect = state & FZ_LONGMAI ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017;
    FZ_CHECK(setenv("BJCA_CONF", conf_path[flags & 3], 1) == 0);
    if (flags & FZ_NO_THREADS)
        args.flags |= CKF_LIBRARY_CANT_CREATE_OS_THREADS;
    FZ_CHECK(h.f->C_Initialize(&args) == CKR_OK);
    lies.on = !(flags & FZ_LIE_LATER);
    if (flags & FZ_LOGIN)
        log_in(flags);
    lies.on = true;
    return true;
}

/* Whatever was said, the key is whole. */
void fz_end(void)
{
    struct bk_vkey *vkey = NULL;
    (void)h.f->C_Finalize(NULL);
    FZ_CHECK(bk_vkey_open(key_path, &vkey) == BK_OK);
    bk_vkey_close(&vkey);
    while (block_count)
        free(blocks[--block_count]);
}

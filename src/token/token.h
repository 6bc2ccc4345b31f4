/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is on a key and what it means: the application, PIN state, containers with their
 * generations, certificates. One token a reader; both its PKCS#11 slots look at it. Not
 * thread-safe: whoever holds the slot's lock calls.
 *
 * What another process or a reset has changed on the key is put right below: an application that
 * was closed is opened again, a log-in that was lost is made again from the PIN kept here, while no
 * PIN was refused since.
 */
#ifndef BK_TOKEN_TOKEN_H
#define BK_TOKEN_TOKEN_H

#include "base/secret.h"
#include "card/card.h"
#include "crypto/x509.h"
#include "token/record.h"
#include "token/refused.h"

#define BK_TOKEN_CONTAINERS 256 /* no key has room for as many; each is some exchanges */
#define BK_TOKEN_DATA 256
#define BK_PIN_LEN_MIN 6
#define BK_PIN_LEN_MAX 16

#define BK_TYPE(type) (1u << (type)) /* enum bk_container_type as a bit */

enum bk_role { BK_ROLE_CURRENT, BK_ROLE_HISTORY, BK_ROLE_STAGED };

struct bk_container {
    char full[BK_CARD_NAME_MAX + 1]; /* as on the key */
    char name[BK_CARD_NAME_MAX + 1]; /* without generation */
    unsigned generation;
    enum bk_role role;
    struct bk_container_info info;
    uint8_t id[2];
    bool open;               /* id is valid on the key now */
    bool read;               /* what follows was: containers of its type were asked for */
    struct bk_x509 *cert[2]; /* by enum bk_key_use; NULL when there is none, or staged */
    bool has_key[2];
    struct bk_pubkey key[2];        /* valid with has_key, but for staged ones */
    struct bk_rsa_public *check[2]; /* of RSA keys, when they were first used */
    int64_t proved_ms; /* when the signature was asked for that last proved to be key[]'s; 0: none
                          since it was opened */
};

struct bk_token_options {
    const char *application; /* tried first */
    bool isolate;            /* clear the key's log-in after each use */
    unsigned reset_late_ms;  /* so much later than we hear of it a reset may be done */
    const char *ca_sm2_id;   /* taken in a CA's SM2 signatures beside the default one; NULL: none */
    struct bk_refusals *refusals; /* of all keys; NULL: a token has only its own */
};

struct bk_data;
struct bk_unlock;
struct bk_pending;

struct bk_token {
    struct bk_card *card;
    struct bk_token_options options;
    char serial[33]; /* of the key that this is */
    bool loaded;
    int64_t read_ms;      /* when all of it was read, by bk_clock_ms */
    int64_t disturbed_ms; /* when it was opened, or last found reset or logged out by others */
    struct bk_container **containers;
    size_t count;
    struct bk_records records;
    bool later;           /* its record is of a later version: nothing is changed */
    unsigned types;       /* BK_TYPE: whose certificates and keys are read, once asked for */
    bool has_files;       /* generation records can be made */
    struct bk_secret pin; /* of the log-in; empty when there is none */
    bool logged_in;
    unsigned uses; /* nested bk_token_use_begin */
    bool empty;    /* a key without an application: not ready for use */
    bool so;       /* the administrator's log-in, token/station.h */
    struct bk_secret so_pin;
    bool pin_unset; /* erased, and no PIN of the user's heard of since: to tell, not to act on */
    struct bk_refused refused[2]; /* by enum bk_pin_type */
    struct bk_refused refused_device;
    int left[2];                /* tries as last heard of, by enum bk_pin_type; -1 unknown */
    struct bk_unlock *unlock;   /* holds the key */
    struct bk_pending *pending; /* what a renewal keeps in memory (token/renew.h) */
    /* the name whose pair a renewal made here last: its first issue may be given up, unless
     * another program has put a pair of its own in its place (alg 0: which it is wasn't heard) */
    char begun[BK_CARD_NAME_MAX + 1];
    struct bk_pubkey begun_key;
    struct bk_data *data[BK_TOKEN_DATA]; /* data objects (token/data.h), as last read */
    size_t data_count;
    bool data_read, data_private; /* they were; with the private ones */
    uint32_t data_at;             /* the record's number then */
    unsigned long changes;        /* counts what alters the list of objects */
};

struct bk_token_status {
    struct bk_pin_info user, admin;
};

/* Takes the card (NULL on success) and opens its application; a key that has none is `empty`. */
enum bk_err bk_token_new(struct bk_card **card, const struct bk_token_options *options,
                         struct bk_token **token) BK_MUST_CHECK;
void bk_token_free(struct bk_token **token);

/* Of an empty key: whether an application has appeared. BK_EUNKNOWN_KEY when not. */
enum bk_err bk_token_appear(struct bk_token *token) BK_MUST_CHECK;

/* Reads containers, records and certificates, when that hasn't been done or something changed. */
enum bk_err bk_token_refresh(struct bk_token *token) BK_MUST_CHECK;
/* The same, but certificates and keys only in containers of these types (BK_TYPE), and of those
 * that were asked for earlier: the other slot's cost three exchanges a container. */
enum bk_err bk_token_refresh_types(struct bk_token *token, unsigned types) BK_MUST_CHECK;
/* Makes card->info, of which the free space changes, that of now. */
enum bk_err bk_token_read_info(struct bk_token *token) BK_MUST_CHECK;
/* Asks the key for its serial: false when it is gone, or another one. */
bool bk_token_same_key(struct bk_token *token);
/* The next refresh reads everything. */
void bk_token_forget(struct bk_token *token);
/* Two exchanges. */
enum bk_err bk_token_status(struct bk_token *token, struct bk_token_status *status) BK_MUST_CHECK;

/* --- log-in
 * -------------------------------------------------------------------------------------*/
/* Whether these bytes may go to a key as a PIN at all: BK_ELIMIT (empty, over 16 bytes),
 * BK_EPIN_RULE (a NUL). */
enum bk_err bk_pin_check(const void *pin, size_t len) BK_MUST_CHECK;
/* The rules for a new one, as well: 6 bytes or more, no control characters. */
enum bk_err bk_pin_check_new(const void *pin, size_t len) BK_MUST_CHECK;
/* BK_EPIN_WRONG also for the PIN refused last, which isn't sent again while the key's counter
 * stands where that left it. */
enum bk_err bk_token_login(struct bk_token *token, const void *pin, size_t len) BK_MUST_CHECK;
/* BK_EBUSY: another program holds the key, and the log-in stands; with any other error it doesn't.
 */
enum bk_err bk_token_logout(struct bk_token *token) BK_MUST_CHECK;
/* For one that can't be asked again: here the log-in is over, whatever comes back, and a key that
 * is busy is reset when it is to be had. */
enum bk_err bk_token_end_login(struct bk_token *token) BK_MUST_CHECK;
enum bk_err bk_token_set_pin(struct bk_token *token, const void *old_pin, size_t old_len,
                             const void *new_pin, size_t new_len) BK_MUST_CHECK;
/* Tries left as the last PIN command said, -1 unknown. */
int bk_token_tries(const struct bk_token *token);

/* --- for the files of this layer --- */

/* An operation is tried in do { … } while (bk_token_again(token, &err, &round)): true when what
 * made it fail was put right and it is worth one more try. */
bool bk_token_again(struct bk_token *token, enum bk_err *err, unsigned *round);
/* The key was reset by us: handles and log-in are gone. The application is opened again when the
 * next command needs it. */
void bk_token_lost(struct bk_token *token);
/* By its type; 0: an empty one. */
enum bk_alg bk_container_alg(const struct bk_container *container);
/* Makes container->id valid: one exchange when it isn't. */
enum bk_err bk_container_open(struct bk_token *token, struct bk_container *container) BK_MUST_CHECK;
/* By the kept PIN, unless the key has refused one since: then BK_ELOGIN, and it is dropped. In a
 * sequence nobody takes it away before its end. */
enum bk_err bk_token_log_in_again(struct bk_token *token) BK_MUST_CHECK;
/* Their ids mean nothing, or may mean another container: since a reset, or, for what changes the
 * key, since before the sequence. */
void bk_containers_close(struct bk_token *token);
/* The key refused this PIN. */
void bk_refused_note(struct bk_token *token, enum bk_pin_type type, const void *pin, size_t len);
/* A try isn't spent twice on the same mistake: BK_EPIN_WRONG, BK_EPIN_LOCKED for the PIN refused
 * last, unless the counter says that the key has accepted one meanwhile, from another process, or
 * was unlocked: then it may be another one now. */
enum bk_err bk_pin_may_go(struct bk_token *token, enum bk_pin_type type, const void *pin,
                          size_t len) BK_MUST_CHECK;
/* What came of it, `err`, and token->left before it was sent: remembers a refusal, also one whose
 * answer was lost, which then is the result. */
enum bk_err bk_pin_answered(struct bk_token *token, enum bk_pin_type type, enum bk_err err,
                            int before, const void *pin, size_t len) BK_MUST_CHECK;
/* No answer to a PIN, or one that is no whole answer: what the key did isn't known. */
bool bk_pin_is_loss(enum bk_err err);
/* Every try is there again. */
void bk_pin_accepted(struct bk_token *token, enum bk_pin_type type);
/* With `isolate`: log-in before, out after, in one sequence. Otherwise nothing. May nest. */
enum bk_err bk_token_use_begin(struct bk_token *token) BK_MUST_CHECK;
void bk_token_use_end(struct bk_token *token);
/* NULL when there is none. */
struct bk_container *bk_token_find(struct bk_token *token, const char *name, unsigned generation);
struct bk_container *bk_token_current(struct bk_token *token, const char *name);

#endif

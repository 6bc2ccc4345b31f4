/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seam B: what a key can do, as operations. GM/T 0017 commands over a transport; the dialect table
 * says how this maker writes them. Each function is one exchange unless its comment says more, and
 * carries the standard's name of the command.
 *
 * Errors are those of the status words (card/status.h) and of the transport. The status word of
 * the last answer and the tries left stay on the card. Not thread-safe: one caller at a time.
 */
#ifndef BK_CARD_CARD_H
#define BK_CARD_CARD_H

#include "apdu/apdu.h"
#include "card/dialect.h"
#include "crypto/sm2.h"
#include "transport/transport.h"

#define BK_CARD_NAME_MAX 64
#define BK_CARD_CERT_MAX 8192
#define BK_CARD_FILE_MAX 65535

enum bk_pin_type { BK_PIN_ADMIN = 0, BK_PIN_USER = 1 };
/* P1 of several commands: which key pair of a container. */
enum bk_key_use { BK_KEY_ENCRYPTION = 0, BK_KEY_SIGNING = 1 };
enum bk_container_type { BK_CONTAINER_EMPTY = 0, BK_CONTAINER_RSA = 1, BK_CONTAINER_SM2 = 2 };

/* Rights to files, GM/T 0016 clause 6.4.9. */
#define BK_RIGHT_NEVER 0x00u
#define BK_RIGHT_ADMIN 0x01u
#define BK_RIGHT_USER 0x10u
#define BK_RIGHT_ANYONE 0xffu

struct bk_devinfo {
    char manufacturer[65];
    char issuer[65];
    char label[33];
    char serial[33];
    uint8_t hardware[2], firmware[2];
    uint32_t sym_caps, asym_caps, hash_caps;
    uint32_t total_space, free_space;
    unsigned max_containers, max_certs, max_files;
};

struct bk_app_info {
    char name[49];
    uint32_t create_rights;
    unsigned max_containers, max_certs, max_files;
    uint8_t id[2]; /* as on the wire, in data */
};

struct bk_pin_info {
    unsigned max, left;
    bool factory; /* never changed since the key was made */
};

struct bk_container_info {
    enum bk_container_type type;
    unsigned sign_bits, enc_bits; /* 0: no such key pair */
    bool sign_cert, enc_cert;
};

struct bk_card {
    struct bk_transport *t;
    const struct bk_dialect *dialect;
    const struct bk_maker *maker; /* NULL: only the configuration's word for the dialect */
    struct bk_devinfo info;
    struct bk_app_info app; /* of the last open_application */
    uint16_t sw;            /* of the last answer, 0 before one */
    int tries;              /* left, as the last PIN command said; -1 unknown */
    unsigned depth;         /* nested sequences */
    struct bk_buf wire, answer;
};

/* A list of names as the key gives it: each with its NUL, one behind the other. They are bytes: the
 * standard names no characters, and other software writes GBK, too. */
struct bk_names {
    struct bk_buf text;
};
/* The next name: NULL at the end. *at starts as 0. */
const char *bk_names_next(const struct bk_names *names, size_t *at);
void bk_names_free(struct bk_names *names);

/*
 * Takes the transport (set to NULL on success) and finds out what card it is with one harmless
 * command, GetDevInfo: BK_EUNKNOWN_KEY when it isn't one we know. `dialect` overrides the table by
 * maker: "gmt0017", "longmai"; "auto" or NULL leaves it to the table.
 */
enum bk_err bk_card_open(struct bk_transport **t, const char *dialect,
                         struct bk_card **card) BK_MUST_CHECK;
void bk_card_free(struct bk_card **card);
/* Whether the key does these beyond the standard (docs/formats.md clause 2). */
bool bk_card_has_rsa_raw(const struct bk_card *card);
bool bk_card_has_sm2_decrypt(const struct bk_card *card);

/* From begin to end nobody else's command comes in between; may nest. */
enum bk_err bk_card_begin(struct bk_card *card) BK_MUST_CHECK;
void bk_card_end(struct bk_card *card);
/* After a reset: a sequence that it has ended goes on, though others may have come in between. */
enum bk_err bk_card_resume(struct bk_card *card) BK_MUST_CHECK;
/* Ends every sequence and makes the key forget log-in, random and handles. */
void bk_card_reset(struct bk_card *card);

/* --- device and application
 * ---------------------------------------------------------------------*/
/* Refreshes card->info. */
enum bk_err bk_card_get_dev_info(struct bk_card *card) BK_MUST_CHECK;
/* 1 to 256 bytes; replaces the content of out. The key remembers the last 8 for a PIN command. */
enum bk_err bk_card_gen_random(struct bk_card *card, unsigned len,
                               struct bk_buf *out) BK_MUST_CHECK;
enum bk_err bk_card_enum_application(struct bk_card *card, struct bk_names *names) BK_MUST_CHECK;
/* Fills card->app. */
enum bk_err bk_card_open_application(struct bk_card *card, const char *name) BK_MUST_CHECK;

/* --- PINs
 * ---------------------------------------------------------------------------------------*/
enum bk_err bk_card_get_pin_info(struct bk_card *card, enum bk_pin_type type,
                                 struct bk_pin_info *info) BK_MUST_CHECK;
/* Random and VerifyPIN: two exchanges, one sequence. */
enum bk_err bk_card_verify_pin(struct bk_card *card, enum bk_pin_type type, const void *pin,
                               size_t len) BK_MUST_CHECK;
/* Random and ChangePIN: two exchanges, one sequence. */
enum bk_err bk_card_change_pin(struct bk_card *card, enum bk_pin_type type, const void *old_pin,
                               size_t old_len, const void *new_pin, size_t new_len) BK_MUST_CHECK;
enum bk_err bk_card_clear_secure_state(struct bk_card *card) BK_MUST_CHECK;

/* Random and UnblockPIN, by who knows the administrator PIN: two exchanges, one sequence. The tries
 * that stay on the card after a refusal are the administrator's. */
enum bk_err bk_card_unblock_pin(struct bk_card *card, const void *admin_pin, size_t admin_len,
                                const void *new_pin, size_t new_len) BK_MUST_CHECK;

/* Commands whose data somebody else made, who knows the administrator PIN; the header is ours. */
enum bk_relay { BK_RELAY_VERIFY_ADMIN, BK_RELAY_UNBLOCK, BK_RELAY_CHANGE_ADMIN };
/* data: with application id and MAC; BK_EREFUSED when it isn't for this application or has no
 * length such a command can have. */
enum bk_err bk_card_relay(struct bk_card *card, enum bk_relay what, const void *data,
                          size_t len) BK_MUST_CHECK;

/* --- production: what makes a key ready for use
 * --------------------------------------------------*/
#define BK_CARD_DEVICE_KEY 16
#define BK_CARD_LABEL_MAX 32

struct bk_new_app {
    const char *name;                 /* 1 to 48 bytes */
    const void *admin_pin, *user_pin; /* 1 to 16 bytes */
    size_t admin_pin_len, user_pin_len;
    unsigned admin_tries, user_tries;
    uint32_t create_rights;
    unsigned containers, certs, files;
};

enum bk_err bk_card_set_label(struct bk_card *card, const char *label) BK_MUST_CHECK;
/* Random and DevAuth: two exchanges, one sequence. BK_EPIN_WRONG and BK_EPIN_LOCKED are the device
 * key's. */
enum bk_err bk_card_dev_auth(struct bk_card *card,
                             const uint8_t key[BK_CARD_DEVICE_KEY]) BK_MUST_CHECK;
/* Random and ChangeDevAuthKey, after DevAuth: two exchanges, one sequence. */
enum bk_err bk_card_change_dev_auth_key(struct bk_card *card, const uint8_t old[BK_CARD_DEVICE_KEY],
                                        const uint8_t next[BK_CARD_DEVICE_KEY]) BK_MUST_CHECK;
/* After DevAuth. The PINs go in clear. */
enum bk_err bk_card_create_application(struct bk_card *card,
                                       const struct bk_new_app *app) BK_MUST_CHECK;
enum bk_err bk_card_delete_application(struct bk_card *card, const char *name) BK_MUST_CHECK;

/* --- files
 * --------------------------------------------------------------------------------------*/
enum bk_err bk_card_create_file(struct bk_card *card, const char *name, uint32_t size,
                                uint32_t read_rights, uint32_t write_rights) BK_MUST_CHECK;
enum bk_err bk_card_delete_file(struct bk_card *card, const char *name) BK_MUST_CHECK;
enum bk_err bk_card_enum_files(struct bk_card *card, struct bk_names *names) BK_MUST_CHECK;
enum bk_err bk_card_get_file_info(struct bk_card *card, const char *name, uint32_t *size,
                                  uint32_t *read_rights, uint32_t *write_rights) BK_MUST_CHECK;
/* As many exchanges as it needs; replaces the content of out. secret: no trace shows the bytes. */
enum bk_err bk_card_read_file(struct bk_card *card, const char *name, unsigned offset, unsigned len,
                              bool secret, struct bk_buf *out) BK_MUST_CHECK;
enum bk_err bk_card_write_file(struct bk_card *card, const char *name, unsigned offset,
                               const void *data, size_t len, bool secret) BK_MUST_CHECK;

/* --- containers
 * ---------------------------------------------------------------------------------*/
enum bk_err bk_card_create_container(struct bk_card *card, const char *name,
                                     uint8_t id[2]) BK_MUST_CHECK;
enum bk_err bk_card_open_container(struct bk_card *card, const char *name,
                                   uint8_t id[2]) BK_MUST_CHECK;
enum bk_err bk_card_enum_container(struct bk_card *card, struct bk_names *names) BK_MUST_CHECK;
enum bk_err bk_card_delete_container(struct bk_card *card, const char *name) BK_MUST_CHECK;
enum bk_err bk_card_get_container_info(struct bk_card *card, const char *name,
                                       struct bk_container_info *info) BK_MUST_CHECK;
enum bk_err bk_card_import_certificate(struct bk_card *card, const uint8_t id[2],
                                       enum bk_key_use use, const void *der,
                                       size_t len) BK_MUST_CHECK;
/* Some makers want one more exchange before a batch of these: bk_card_before_certificates. */
enum bk_err bk_card_export_certificate(struct bk_card *card, const uint8_t id[2],
                                       enum bk_key_use use, struct bk_buf *der) BK_MUST_CHECK;
enum bk_err bk_card_before_certificates(struct bk_card *card) BK_MUST_CHECK;
enum bk_err bk_card_export_public_key(struct bk_card *card, const uint8_t id[2],
                                      enum bk_key_use use, enum bk_container_type type,
                                      struct bk_pubkey *key) BK_MUST_CHECK;

/* --- keys
 * ---------------------------------------------------------------------------------------*/
enum bk_err bk_card_gen_rsa_key_pair(struct bk_card *card, const uint8_t id[2],
                                     unsigned bits) BK_MUST_CHECK;
enum bk_err bk_card_gen_ecc_key_pair(struct bk_card *card, const uint8_t id[2]) BK_MUST_CHECK;
/* wrapped: the SM4 key under the container's signing key; encrypted: RSAPrivateKey under it. */
enum bk_err bk_card_import_rsa_key_pair(struct bk_card *card, const uint8_t id[2], unsigned bits,
                                        const void *wrapped, size_t wrapped_len,
                                        const void *encrypted, size_t encrypted_len) BK_MUST_CHECK;

/* encrypted: 32 or 64 bytes, docs/formats.md clause 3. */
enum bk_err bk_card_import_ecc_key_pair(struct bk_card *card, const uint8_t id[2],
                                        const struct bk_sm2_cipher *wrapped,
                                        const uint8_t point[64], const void *encrypted,
                                        size_t encrypted_len) BK_MUST_CHECK;
/* PKCS#1 v1.5 over `data` (a DigestInfo); the key pads. */
enum bk_err bk_card_rsa_sign_data(struct bk_card *card, const uint8_t id[2], const void *data,
                                  size_t len, struct bk_buf *signature) BK_MUST_CHECK;
/* block^d mod n, as long as the modulus. */
enum bk_err bk_card_rsa_private(struct bk_card *card, const uint8_t id[2], enum bk_key_use use,
                                const void *block, size_t len, struct bk_buf *out) BK_MUST_CHECK;
/* signature: r32 ‖ s32. */
enum bk_err bk_card_ecc_sign_data(struct bk_card *card, const uint8_t id[2],
                                  const uint8_t digest[32], uint8_t signature[64]) BK_MUST_CHECK;
enum bk_err bk_card_ecc_decrypt(struct bk_card *card, const uint8_t id[2],
                                const struct bk_sm2_cipher *in, struct bk_buf *plain) BK_MUST_CHECK;
/* An SM4 key, sealed to the container's encryption key: PKCS#1 v1.5 (RSA), or as SM2 encrypts. The
 * key opens it and keeps it under key_id until it is destroyed or the power goes. */
enum bk_err bk_card_import_session_key_rsa(struct bk_card *card, const uint8_t id[2],
                                           const void *wrapped, size_t len,
                                           uint8_t key_id[2]) BK_MUST_CHECK;
enum bk_err bk_card_import_session_key_sm2(struct bk_card *card, const uint8_t id[2],
                                           const struct bk_sm2_cipher *wrapped,
                                           uint8_t key_id[2]) BK_MUST_CHECK;
enum bk_err bk_card_destroy_session_key(struct bk_card *card, const uint8_t id[2],
                                        const uint8_t key_id[2]) BK_MUST_CHECK;

#endif

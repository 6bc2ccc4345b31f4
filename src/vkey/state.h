/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the virtual key remembers (vk_state, in the file) and what it forgets with power
 * (vk_session). Internal to src/vkey.
 */
#ifndef BK_VKEY_STATE_H
#define BK_VKEY_STATE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "crypto/rsa.h"
#include "crypto/sm2.h"
#include "vkey/vkey.h"

/* Rights of a file, GM/T 0016 clause 6.4. */
#define VK_RIGHT_NEVER 0x00u
#define VK_RIGHT_ADMIN 0x01u
#define VK_RIGHT_USER 0x10u
#define VK_RIGHT_ANYONE 0xffu

#define VK_APP_NAME 48u
#define VK_CONTAINER_NAME 64u
#define VK_FILE_NAME 32u
#define VK_LABEL 32u
#define VK_FILE_MAX 65535u
#define VK_KEY 16u /* bytes of an SM4 key */

enum vk_pin_type { VK_PIN_ADMIN = 0, VK_PIN_USER = 1 };

/* A secret that is compared with a counter: the two PINs of an application, the device key. */
struct vk_secret {
    uint8_t key[VK_KEY]; /* of a PIN: the first 16 bytes of SHA-1(PIN zero-padded to 16) */
    uint8_t max, left;
};

/* One of a container's two key pairs, with its certificate. */
struct vk_pair {
    struct bk_buf priv; /* RSAPrivateKey in DER, or the 32 bytes of SM2; empty: no key */
    struct bk_buf cert;
    struct bk_rsa_key *rsa; /* made from priv when first needed */
    struct bk_sm2_key *sm2;
};

struct vk_container {
    uint32_t uid; /* never given twice in the life of a key: handles refer to it */
    char name[VK_CONTAINER_NAME + 1];
    int alg; /* enum bk_alg, 0 while no key was made */
    struct vk_pair pair[2];
};
#define VK_ENC 0 /* as P1 of the commands has it */
#define VK_SIGN 1

struct vk_file {
    char name[VK_FILE_NAME + 1];
    uint32_t read, write;
    struct bk_buf data;
};

struct vk_app {
    uint32_t uid;
    char name[VK_APP_NAME + 1];
    struct vk_secret pin[2]; /* enum vk_pin_type */
    uint32_t file_rights;    /* who may create files */
    uint8_t max_containers, max_certs;
    uint16_t max_files;
    struct vk_container *containers[BK_VKEY_CONTAINERS]; /* no gaps */
    struct vk_file *files[BK_VKEY_FILES];                /* no gaps */
};

struct vk_state {
    enum bk_vkey_dialect dialect;
    enum bk_vkey_shape shape;
    char serial[BK_VKEY_SERIAL_MAX + 1];
    char label[VK_LABEL + 1];
    struct vk_secret device;
    uint64_t sequence; /* of saves */
    uint32_t counter;  /* of the counters' slots since (vkey/counter.h); 0: none is written */
    uint32_t last_uid;
    struct vk_app *apps[BK_VKEY_APPS]; /* no gaps */
};

struct vk_open_app {
    uint16_t id; /* 0: free */
    uint32_t uid;
    bool verified[2]; /* enum vk_pin_type */
};

struct vk_open_container {
    uint16_t id; /* 0: free */
    uint32_t app_uid, uid;
};

#define VK_SESSION_KEYS 8u
struct vk_cipher_run;

struct vk_session_key {
    uint16_t id; /* 0: free */
    uint16_t app, container;
    uint8_t key[VK_KEY];
    struct vk_cipher_run *run[3]; /* encrypt, decrypt, MAC */
};

struct vk_session {
    bool has_random;
    uint8_t random[8];
    bool device_verified;
    uint16_t next_app, next_container, next_key;
    struct vk_open_app apps[BK_VKEY_APPS];
    struct vk_open_container containers[BK_VKEY_APPS * BK_VKEY_CONTAINERS];
    struct vk_session_key keys[VK_SESSION_KEYS];
    struct bk_digester *digest;
    size_t digest_len;
};

/* The file as it was when it was read or written: another one means that somebody replaced it. */
struct vk_stamp {
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec mtime, ctime;
};

#define VK_COUNTERS 128u /* bytes of the counters' two slots */

struct bk_vkey {
    char *path, *lock_path;
    int file; /* what `stamp` is of, open for reading, or -1 */
    struct vk_stamp stamp;
    size_t counters_at; /* where in the file they are; 0: it has none */
    uint8_t slots[VK_COUNTERS];
    bool loaded;
    bool dirty;   /* the command changed the state: saved before the answer */
    bool counted; /* it gave tries back, and changed nothing else */
    int held;     /* the lock of a sequence of commands, or -1 */
    struct vk_state state;
    struct vk_session session;
};

void vk_pair_free(struct vk_pair *pair);
void vk_container_free(struct vk_container **container);
void vk_file_free(struct vk_file **file);
void vk_app_free(struct vk_app **app);
void vk_state_free(struct vk_state *state);

/* Takes an element out of one of the arrays above and closes the gap. */
void vk_array_remove(void **array, size_t size, size_t at);
size_t vk_array_count(void *const *array, size_t size);
#define VK_COUNT(array) vk_array_count((void *const *)(array), sizeof(array) / sizeof *(array))
#define VK_REMOVE(array, at)                                                                       \
    vk_array_remove((void **)(array), sizeof(array) / sizeof *(array), (at))

/* NULL when there is none. */
struct vk_app *vk_app_by_name(struct vk_state *state, const char *name);
struct vk_app *vk_app_by_uid(struct vk_state *state, uint32_t uid);
struct vk_container *vk_container_by_name(struct vk_app *app, const char *name);
struct vk_container *vk_container_by_uid(struct vk_app *app, uint32_t uid);
struct vk_file *vk_file_by_name(struct vk_app *app, const char *name);

/* Bytes of BK_VKEY_SPACE that are not in use. */
uint32_t vk_space_left(const struct vk_state *state);
#define VK_SPACE_APP 256u /* what an object takes beside its content */
#define VK_SPACE_CONTAINER 128u
#define VK_SPACE_FILE 64u

/* The key objects of a pair, made when first needed and kept. BK_ENOTFOUND: no key. */
enum bk_err vk_pair_load(struct vk_pair *pair, int alg) BK_MUST_CHECK;
/* NULL when the pair holds no key or OpenSSL fails. */
const struct bk_pubkey *vk_pair_pubkey(struct vk_pair *pair, int alg);

/* As of power-up; frees what the session holds. */
void vk_session_reset(struct vk_session *session);
void vk_session_key_free(struct vk_session_key *key);
/* With its session keys. */
void vk_close_opened(struct vk_session *session, struct vk_open_container *opened);

/* First 16 bytes of SHA-1(PIN zero-padded to 16); len at most 16. */
enum bk_err vk_pin_key(const void *pin, size_t len, uint8_t key[VK_KEY]) BK_MUST_CHECK;
/* Length and bytes (no NUL) as the rules have it. */
bool vk_pin_allowed(const void *pin, size_t len);

#endif

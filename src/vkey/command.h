/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One command on its way through the virtual key: parsed, checked against its line in the table
 * of dispatch.c (class, parameters, length, who must be logged in), then given to its handler,
 * which answers with a status word. Internal to src/vkey.
 */
#ifndef BK_VKEY_COMMAND_H
#define BK_VKEY_COMMAND_H

#include "apdu/sw.h"
#include "vkey/state.h"

#define VK_ANSWER_MAX 65533u /* with its status word it fits vpcd's 16-bit length */

struct vk_command {
    uint8_t cla, ins, p1, p2;
    const uint8_t *data; /* the whole data field */
    size_t len;
    size_t le; /* most bytes that may come back; 0x10000 when all are wanted or Le is absent */
    bool has_le;

    struct bk_rd rd; /* what is left of data behind application id and container id */
    /* what those two name, when the table says that they are there */
    struct vk_open_app *opened;
    struct vk_app *app;
    struct vk_container *box;
    uint16_t app_id, box_id;
};

typedef uint16_t vk_handler(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out);

/* ISO/IEC 7816-4 clause 5.1, short and extended; false when the bytes aren't a command. */
bool vk_command_parse(const uint8_t *bytes, size_t len, struct vk_command *cmd);
/* The status word; the answer's data goes to out. */
uint16_t vk_dispatch(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out);

/* Integers inside the data are in the dialect's byte order. */
enum bk_err vk_get16(const struct bk_vkey *vkey, struct bk_rd *rd, uint16_t *v) BK_MUST_CHECK;
enum bk_err vk_get32(const struct bk_vkey *vkey, struct bk_rd *rd, uint32_t *v) BK_MUST_CHECK;
enum bk_err vk_put16(const struct bk_vkey *vkey, struct bk_buf *out, uint16_t v) BK_MUST_CHECK;
enum bk_err vk_put32(const struct bk_vkey *vkey, struct bk_buf *out, uint32_t v) BK_MUST_CHECK;
/* The rest of the data as a name of 1 to max bytes, padding zeros dropped. */
bool vk_get_name(struct bk_rd *rd, size_t field, char *name, size_t max);
/* The status word when our own work failed: memory, OpenSSL. */
uint16_t vk_sw_of(enum bk_err err, uint16_t otherwise);

bool vk_verified(const struct vk_command *cmd, enum vk_pin_type type);
/* Whether an object with these rights may be touched now. */
bool vk_right(const struct vk_command *cmd, uint32_t rights);

/* device.c */
vk_handler vk_set_label, vk_dev_info, vk_dev_auth, vk_change_dev_auth_key, vk_gen_random,
    vk_vendor_info, vk_vendor_ready;
/* pin.c */
vk_handler vk_pin_info, vk_change_pin, vk_verify_pin, vk_unblock_pin, vk_clear_secure_state;
/* application.c */
vk_handler vk_create_application, vk_enum_application, vk_delete_application, vk_open_application,
    vk_close_application;
/* file.c */
vk_handler vk_create_file, vk_delete_file, vk_enum_files, vk_file_info, vk_read_file, vk_write_file;
/* container.c */
vk_handler vk_create_container, vk_open_container, vk_close_container, vk_enum_container,
    vk_delete_container, vk_container_info, vk_import_certificate, vk_export_certificate;
/* keypair.c */
vk_handler vk_gen_rsa, vk_import_rsa, vk_rsa_sign, vk_gen_ecc, vk_import_ecc, vk_ecc_sign,
    vk_ecc_verify, vk_export_public_key, vk_rsa_private, vk_sm2_decrypt;
/* crypt.c */
vk_handler vk_import_session_key, vk_destroy_session_key, vk_encrypt_init, vk_encrypt,
    vk_encrypt_update, vk_encrypt_final, vk_decrypt_init, vk_decrypt, vk_decrypt_update,
    vk_decrypt_final, vk_mac_init, vk_mac, vk_mac_update, vk_mac_final, vk_digest_init, vk_digest,
    vk_digest_update, vk_digest_final;

/* Spends a try on disk, then compares; gives it back when right. 9000, 63CX, 6983, 6581. */
uint16_t vk_compare(struct bk_vkey *vkey, struct vk_secret *secret, const void *want,
                    const void *got, size_t len);
/* The command's random, which can't be used again; false when none was drawn. */
bool vk_take_random(struct bk_vkey *vkey, uint8_t random[8]);
/* Secure messaging: the MAC over this command's data before it, and the value it replaces. */
enum bk_err vk_command_mac(const struct bk_vkey *vkey, const struct vk_command *cmd,
                           const uint8_t key[VK_KEY], const uint8_t random[8], const void *value,
                           size_t value_len, uint8_t mac[4]) BK_MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A key made for a test of the virtual key, and the commands that several of them send. */
#ifndef TEST_TESTKEY_H
#define TEST_TESTKEY_H

#include "keyhost.h"

#define USER "user-pin-1"
#define ADMIN "Admin%PIN#016cha"
#define OK 0x9000

extern const uint8_t tk_device_key[16];

/* combination: bit 0 the dialect, bit 1 the unlock shape. */
struct bk_vkey_params tk_params(int combination);
/* A new key in a folder of its own, opened. */
char *tk_make(int combination, struct keyhost *host);
void tk_finish(char *path, struct keyhost *host);
/* A signing pair in the open container. */
uint16_t tk_generate(struct keyhost *host, enum bk_alg alg);
/* Files, by name. */
uint16_t tk_create_file(struct keyhost *host, const char *name, uint32_t size, uint32_t read,
                        uint32_t write);
uint16_t tk_by_name(struct keyhost *host, uint8_t ins, const char *name);
uint16_t tk_read_file(struct keyhost *host, const char *name, uint16_t offset, int le);
uint16_t tk_write_file(struct keyhost *host, const char *name, uint16_t offset, const char *text);
/* The open container signs and its public key verifies. */
void tk_check_signature(struct keyhost *host, enum bk_alg alg);
/* Of DevInfo, in bytes. */
uint32_t tk_space_left(struct keyhost *host);

#endif

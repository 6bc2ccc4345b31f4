/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key-send [FILE]: commands in hex, one a line, to the virtual key in FILE, or without FILE to the
 * first card that PC/SC has; each answer in hex, one a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#include "base/codec.h"
#include "vkey/vkey.h"

static struct bk_vkey *key;
static SCARDCONTEXT context;
static SCARDHANDLE card;

static bool connect_card(void)
{
    static char readers[4096];
    DWORD len = sizeof readers, protocol = 0;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS ||
        SCardListReaders(context, NULL, readers, &len) != SCARD_S_SUCCESS)
        return false;
    for (const char *name = readers; *name; name += strlen(name) + 1)
        if (SCardConnect(context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &protocol) ==
            SCARD_S_SUCCESS)
            return true;
    return false;
}

static bool exchange(const struct bk_buf *cmd, struct bk_buf *answer)
{
    static uint8_t bytes[65538];
    DWORD len = sizeof bytes;
    if (key)
        return bk_vkey_transmit(key, cmd->data, cmd->len, answer) == BK_OK;
    bk_buf_clear(answer);
    return SCardTransmit(card, SCARD_PCI_T1, cmd->data, cmd->len, NULL, bytes, &len) ==
               SCARD_S_SUCCESS &&
           bk_buf_put(answer, bytes, len) == BK_OK;
}

int main(int argc, char **argv)
{
    char line[4096];
    struct bk_buf cmd = BK_BUF_INIT, answer = BK_BUF_INIT, hex = BK_BUF_INIT;
    int code = EXIT_SUCCESS;
    if (argc > 1 ? bk_vkey_open(argv[1], &key) != BK_OK : !connect_card()) {
        fprintf(stderr, "key-send: no key\n");
        return EXIT_FAILURE;
    }
    while (code == EXIT_SUCCESS && fgets(line, sizeof line, stdin)) {
        const char *text = NULL;
        line[strcspn(line, "\r\n")] = 0;
        bk_buf_clear(&cmd);
        bk_buf_clear(&hex);
        if (bk_hex_decode(line, strlen(line), &cmd) != BK_OK || !exchange(&cmd, &answer) ||
            bk_hex_encode(answer.data, answer.len, &hex) != BK_OK ||
            bk_buf_cstr(&hex, &text) != BK_OK || puts(text) < 0) {
            fprintf(stderr, "key-send: failed at %s\n", line);
            code = EXIT_FAILURE;
        }
    }
    bk_vkey_close(&key);
    if (context) {
        (void)SCardDisconnect(card, SCARD_LEAVE_CARD);
        (void)SCardReleaseContext(context);
    }
    bk_buf_free(&cmd);
    bk_buf_free(&answer);
    bk_buf_free(&hex);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/qr.h"

#include <stdbool.h>

#include <qrencode.h>

/* Two rows of modules in one line of text, dark on light, with the quiet zone of four. */
static void draw(FILE *to, const QRcode *qr)
{
    static const char *const cells[] = {"█", "▀", "▄", " "}; /* light on a dark terminal */
    for (int y = -4; y < qr->width + 4; y += 2) {
        (void)fputs("    ", to);
        for (int x = -4; x < qr->width + 4; x++) {
            int dark[2];
            for (int k = 0; k < 2; k++) {
                int row = y + k;
                bool inside = x >= 0 && row >= 0 && x < qr->width && row < qr->width;
                dark[k] = inside && qr->data[row * qr->width + x] & 1;
            }
            (void)fputs(cells[dark[0] && dark[1] ? 3 : dark[0] ? 2 : dark[1] ? 1 : 0], to);
        }
        (void)fputc('\n', to);
    }
}

void qr_draw(FILE *to, const char *text)
{
    QRcode *qr = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
    if (qr)
        draw(to, qr);
    QRcode_free(qr);
}

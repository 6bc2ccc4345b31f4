/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code of blocks for a terminal. */
#ifndef BJCA_TOOLS_QR_H
#define BJCA_TOOLS_QR_H

#include <stdio.h>

void qr_draw(FILE *to, const char *text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of PKCS#11 calls, drawn from a run's input. Everything lies in memory of exactly its
 * size, so that AddressSanitizer sees a byte too far. */
#ifndef FUZZ_DRAW_H
#define FUZZ_DRAW_H

#include "host.h"

/* One of the run's, seldom another number. */
CK_SESSION_HANDLE fz_session(void);
CK_OBJECT_HANDLE fz_object(void);
CK_SLOT_ID fz_slot(void);

/* Data for a call: from the input, the last output, zeros, nothing, no pointer. */
struct fz_data {
    CK_BYTE *data;
    CK_ULONG len;
};
struct fz_data fz_data(void);
/* The user's, the administrator's, a wrong one, one from the input. */
struct fz_data fz_pin(void);
/* A NAME with its NUL: of a container or file of the key, or from the input; NULL. */
CK_UTF8CHAR *fz_name(void);

/* Where a call puts bytes: of a size that the input says, or NULL; seldom no length. */
struct fz_out {
    CK_BYTE *data;
    CK_ULONG len, room;
    CK_ULONG *len_at; /* NULL: none is given */
};
void fz_out(struct fz_out *out);
/* What came fits where it was put; it becomes the last output. */
void fz_out_check(const struct fz_out *out, CK_RV rv);
/* A value for data a later call may draw. */
void fz_remember(const void *data, size_t len);

/* With parameters that belong to it, or others; NULL. */
CK_MECHANISM *fz_mechanism(void);
/* Of a derivation, with what it takes of any content. */
CK_MECHANISM *fz_derivation(void);

struct fz_template {
    CK_ATTRIBUTE *list;
    CK_ULONG count;
};
/* For making, copying, changing, finding: values. */
struct fz_template fz_template(void);
/* For C_GetAttributeValue: room. */
struct fz_template fz_template_out(void);
void fz_template_out_check(const struct fz_template *t, CK_RV rv);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the targets that drive the whole module stand on. The input begins with
 *
 *     state     1  which key is in the reader, enum fz_state; the top bit: in the longmai dialect
 *     flags     1  FZ_…
 *     lies      1  how many answers of the key are changed, up to 16; each:
 *       after   1  exchanges after the one before
 *       kind    1  enum fz_lie; the top bit: all later answers to the same instruction, too
 *       offset  2
 *       length  1  and so many bytes
 *
 * and goes on with what the target draws from it. The key is a virtual one, so that what isn't
 * changed is an answer that belongs there: runs get deep. A run begins with C_Initialize and ends
 * with C_Finalize. Random numbers, RSA keys and the time come from here, so that a run is the same
 * each time.
 */
#ifndef FUZZ_HOST_H
#define FUZZ_HOST_H

#include <stdio.h>
#include <stdlib.h>

#include "life.h"

enum fz_state {
    FZ_FRESH,      /* nothing on it */
    FZ_IDENTITIES, /* an RSA one with a past, an SM2 one, data objects, a label, a file */
    FZ_STAGED,     /* besides, renewals: one loaded, one with a key */
    FZ_KEPT,       /* a renewal under the same key was cut */
    FZ_LOCKED,     /* the user's PIN is */
    FZ_EMPTY,      /* no application */
    FZ_STATES
};
#define FZ_LONGMAI 0x80u

#define FZ_STATION 1u
#define FZ_ISOLATE 2u
#define FZ_LOGIN 4u /* sessions on both slots, logged in, all objects found */
#define FZ_NO_THREADS 8u
#define FZ_LIE_LATER 16u /* exchanges are counted from when the target begins to draw */
#define FZ_SO 32u        /* with FZ_LOGIN and FZ_STATION: as the administrator */

enum fz_lie {
    FZ_REPLACE,  /* the bytes, status word included */
    FZ_DATA,     /* the bytes and 9000 */
    FZ_STATUS,   /* no data, the offset as status word */
    FZ_SHORTEN,  /* to offset bytes, status word included */
    FZ_OVER,     /* the bytes over what is there at offset */
    FZ_MORE,     /* the bytes before the status word */
    FZ_LOST,     /* BK_EIO, after it was carried out */
    FZ_NOT_SENT, /* BK_ETIMEOUT */
    FZ_RESET,    /* BK_ERESET */
    FZ_BUSY,     /* BK_EBUSY */
    FZ_PULLED,   /* BK_EREMOVED; a new power-up works */
    FZ_AWAY,     /* BK_EREMOVED, and no key from then on */
    FZ_AGAIN,    /* the answer before */
    FZ_LIES
};

#define FZ_CHECK(what)                                                                             \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fprintf(stderr, "%s:%d: " #what "\n", __FILE__, __LINE__);                             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

extern uint8_t fz_device_key[16];

/* The run's sessions and objects, as found when it begins; targets add theirs. */
#define FZ_SESSIONS 8
#define FZ_OBJECTS 48
extern CK_SESSION_HANDLE fz_sessions[FZ_SESSIONS];
extern CK_ULONG fz_session_count;
extern CK_OBJECT_HANDLE fz_objects[FZ_OBJECTS];
extern CK_ULONG fz_object_count;

/* False: the input is too short for a run, and fz_end isn't due. */
bool fz_begin(const uint8_t *data, size_t size);
void fz_end(void);
/* Before fz_begin: changes the key's state once it is decoded. NULL takes it away. */
struct bk_vkey;
extern void (*fz_change)(struct bk_vkey *vkey);
/* The input, after its head. */
size_t fz_left(void);
/* 0 when there is no more. */
uint8_t fz_u8(void);
uint16_t fz_u16(void);
/* At most what is left. */
const uint8_t *fz_take(size_t *len);
/* Memory of exactly this size, until the run ends; of size 0 it is no byte's. */
void *fz_alloc(size_t len);
void fz_add_session(CK_SESSION_HANDLE s);
void fz_add_object(CK_OBJECT_HANDLE o);
void fz_find_all(CK_SESSION_HANDLE s);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Generation records: which generation of each container is current, and the labels that were given
 * to objects; docs/formats.md clause 1. */
#ifndef BK_TOKEN_RECORD_H
#define BK_TOKEN_RECORD_H

#include "card/card.h"

#define BK_RECORD_SIZE 1024
#define BK_RECORD_HEAD 12 /* bytes of it, with its number */
#define BK_RECORD_ENTRIES 16
#define BK_RECORD_NAME_MAX 44
#define BK_RECORD_LABELS 32
#define BK_RECORD_LABEL_MAX 64

struct bk_record_entry {
    char name[BK_RECORD_NAME_MAX + 1];
    uint16_t generation;
};

/* Which object of a key pair a label is of; ID: no label but the CKA_ID that the pair was given
 * after it was made, in lower-case hex. */
enum bk_label_of {
    BK_LABEL_CERTIFICATE = 1,
    BK_LABEL_PUBLIC = 2,
    BK_LABEL_PRIVATE = 3,
    BK_LABEL_ID = 4
};

/* Of the current generation, whichever that is. */
struct bk_record_label {
    char name[BK_RECORD_NAME_MAX + 1];
    uint8_t use; /* enum bk_key_use */
    uint8_t of;  /* enum bk_label_of */
    char text[BK_RECORD_LABEL_MAX + 1];
};

struct bk_record {
    uint32_t sequence; /* 0: none was ever written */
    unsigned count;
    struct bk_record_entry entries[BK_RECORD_ENTRIES];
    bool labelled; /* it has, or had, labels: what stands in the other file counts no more */
    unsigned label_count;
    struct bk_record_label labels[BK_RECORD_LABELS];
};

/* BK_ECORRUPT when the bytes are no valid record; BK_EUNSUPPORTED for a whole one of a later
 * version, of which nothing but its sequence is set. Bytes behind it are its labels, or mean
 * nothing. */
enum bk_err bk_record_decode(const void *data, size_t len, struct bk_record *record) BK_MUST_CHECK;
/* Appends the record, and behind it the labels. */
enum bk_err bk_record_encode(const struct bk_record *record, struct bk_buf *out) BK_MUST_CHECK;
/* Whether its bytes, with the labels, fit its file. */
bool bk_record_fits(const struct bk_record *record);
/* NULL when the name has no entry. */
const struct bk_record_entry *bk_record_find(const struct bk_record *record, const char *name);
/* Adds or changes an entry; BK_EFULL. */
enum bk_err bk_record_set(struct bk_record *record, const char *name,
                          unsigned generation) BK_MUST_CHECK;

/* NULL when none was given. */
const char *bk_record_label(const struct bk_record *record, const char *name, enum bk_key_use use,
                            enum bk_label_of of);
/* text NULL takes it away. BK_EINVAL for what can't be a label (1 to 64 bytes of UTF-8, no control
 * characters, no colon; an id of 1 to 20 bytes, of a signing pair) or the name of one; BK_EFULL. */
enum bk_err bk_record_set_label(struct bk_record *record, const char *name, enum bk_key_use use,
                                enum bk_label_of of, const char *text) BK_MUST_CHECK;

/* Both files of a key. */
struct bk_records {
    struct bk_record rules; /* the valid one with the higher number */
    int which;              /* the file it stands in: 0 A, 1 B; -1 in none */
    bool exists[2];
    uint32_t newest; /* the highest number, also of a record of a later version */
    /* that one is of a later version: which generations are current is not known, and nothing on
     * the key may be changed */
    bool unknown;
    bool read; /* from the key: nothing is written on the strength of others */
    int last;  /* the file with the highest number; -1: neither has one */
    struct {
        size_t len; /* 0: there is no file */
        uint8_t bytes[BK_RECORD_HEAD];
    } head[2];
};

/* Two exchanges. A key without files has none: no error. */
enum bk_err bk_records_read(struct bk_card *card, struct bk_records *records) BK_MUST_CHECK;
/* Whether they are still what was read: one short exchange. Whoever writes, writes first to the
 * file that isn't `last`, with a higher number. */
enum bk_err bk_records_same(struct bk_card *card, const struct bk_records *records,
                            bool *same) BK_MUST_CHECK;
/*
 * Makes the files when they are missing, writes `next` (its sequence number is set here) over the
 * one that doesn't rule, and reads it back. After the write it rules, before it the old one.
 * BK_EFULL when it is too long for its file, BK_EUNSUPPORTED when one of a later version rules,
 * BK_ESTATE when `records` were never read.
 */
enum bk_err bk_records_write(struct bk_card *card, struct bk_records *records,
                             const struct bk_record *next) BK_MUST_CHECK;

/* Takes NAME~N apart: N decimal from 1 to 65535, no leading zero; anything else is a name of
 * generation 0. What is no plain UTF-8 there, or begins with %, has its bytes' hexadecimal digits
 * behind % for a name; of more than 31 bytes the first 23, a dot and the sum of all. So no two are
 * one, and none is made with a name that begins with %. name: room for BK_CARD_NAME_MAX + 1. */
void bk_generation_split(const char *full, char *name, unsigned *generation);
/* BK_ELIMIT when the result is longer than a container's name may be. */
enum bk_err bk_generation_join(const char *name, unsigned generation,
                               char full[BK_CARD_NAME_MAX + 1]) BK_MUST_CHECK;

#endif

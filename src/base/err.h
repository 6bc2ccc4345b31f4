/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one error type. A function that can fail returns it, sizes and values leave by
 * out-parameter, and the detail (status word, tries left, HTTP status) stays on the handle where
 * it happened. It is translated in exactly three places: status word to bk_err (card/status),
 * bk_err to CKR_ (pkcs11/rv), bk_err to exit code and message (tools).
 */
#ifndef BK_BASE_ERR_H
#define BK_BASE_ERR_H

#define BK_MUST_CHECK __attribute__((warn_unused_result))

enum bk_err {
    BK_OK = 0,
    BK_ENOMEM,       /* out of memory */
    BK_EINVAL,       /* an argument is wrong */
    BK_EFORMAT,      /* foreign bytes don't have the form they must have */
    BK_ELIMIT,       /* a length or count is over its limit, or the buffer is too small */
    BK_ENOTFOUND,    /* no such object, file, name */
    BK_EEXISTS,      /* already there */
    BK_EIO,          /* reading or writing failed */
    BK_ETIMEOUT,     /* no answer in time */
    BK_EREMOVED,     /* the key was unplugged */
    BK_ERESET,       /* the key, or a connection, was reset by the other side: its state is gone */
    BK_ENOKEY,       /* no reader, or no key in it */
    BK_EUNKNOWN_KEY, /* a card, but not one we know */
    BK_EBUSY,        /* somebody else uses it; try again */
    BK_EUNSUPPORTED, /* this key, dialect or build can't do it */
    BK_EPIN_WRONG,   /* wrong PIN; a try was spent */
    BK_EPIN_LOCKED,  /* no tries left */
    BK_EPIN_RULE,    /* the PIN breaks the rules (length, bytes); nothing was sent */
    BK_ELOGIN,       /* needs a log-in */
    BK_EDENIED,      /* not permitted */
    BK_EREFUSED,     /* the other side said no, for a reason of its own */
    BK_EFULL,        /* no room on the key or the disk */
    BK_ECRYPTO,      /* the crypto library failed */
    BK_EVERIFY,      /* a signature, MAC, digest or certificate check failed */
    BK_ESTATE,       /* not now: the order of calls is wrong */
    BK_ECORRUPT,     /* stored data is damaged */
    BK_ECANCELLED,   /* the caller asked to stop */
    BK_ENET,         /* the network failed */
    BK_ETLS,         /* the server's identity could not be proved */
    BK_ERR_COUNT
};

/* A short stable name ("pin-wrong") for logs and tests; "unknown" for a value out of range. */
const char *bk_err_name(enum bk_err err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vendor interface of bjca-pkcs11.so, and the numbers of SM2, SM3 and SM4.
 *
 * Include a PKCS#11 header first (3.0 for C_GetInterface). The interface is got with
 *
 *     CK_VERSION v = {1, 1};
 *     CK_INTERFACE *i;
 *     C_GetInterface((CK_UTF8CHAR *)CK_BJCA_INTERFACE_NAME, &v, &i, 0);
 *     CK_BJCA_FUNCTION_LIST *bjca = i->pFunctionList;
 *
 * and is usable between C_Initialize and C_Finalize. The list only ever grows at its end: a module
 * gives it to a caller who asks for its own minor version or an earlier one, and a caller that asks
 * for an earlier one, or none, looks at version.minor before it uses a function that came later.
 * Structures begin with ulSize, set by the caller to sizeof what it was compiled with; the module
 * fills in that much.
 *
 * Every function returns a CKR_ code; after a failure BJCA_GetError tells more, per thread. Names
 * of containers are UTF-8 with NUL, without generation ("personalCert00", never
 * "personalCert00~2"). Lengths are in bytes. Where an output buffer is given with a length, NULL
 * asks for the length, and CKR_BUFFER_TOO_SMALL sets it; the messages of an unlock alone want
 * CK_BJCA_MESSAGE_MAX bytes of room at once.
 */
#ifndef BJCA_PKCS11_H
#define BJCA_PKCS11_H

#ifdef __cplusplus
extern "C" {
#endif

#define CK_BJCA_INTERFACE_NAME "Vendor BJCA"
#define CK_BJCA_VERSION_MAJOR 1
#define CK_BJCA_VERSION_MINOR 1

/* --- numbers ------------------------------------------------------------------------------------
 * No standard number exists for SM2, SM3 and SM4; these are the ones several Chinese vendors share,
 * CKM_SM3_HMAC alone is ours. */
#define CKK_SM2 0x80000004UL              /* CKA_EC_PARAMS = OID 1.2.156.10197.1.301 */
#define CKM_SM2_KEY_PAIR_GEN 0x80008001UL
#define CKM_SM3_SM2 0x80008100UL          /* message in; Z with default ID; r‖s out (64 bytes) */
#define CKM_SM3_SM2_DER 0x80008101UL      /* the same, signature as DER SEQUENCE */
#define CKM_SM3_SM2_APPID1 0x80008102UL   /* = CKM_SM3_SM2, named for the default ID */
#define CKM_SM3_SM2_APPID1_DER 0x80008103UL
#define CKM_SM2_SIGN 0x80008104UL         /* digest e (32 bytes, Z included) in; DER out */
#define CKM_SM2_SIGN_NO_DER 0x80008105UL  /* digest e in; r‖s out */
#define CKM_SM2_ENCRYPT 0x80008200UL      /* C1‖C3‖C2, C1 = 04‖X‖Y */
#define CKM_SM2_ENCRYPT_DER 0x80008201UL  /* SM2Cipher of GM/T 0009 */
#define CKM_SM3 0x80009001UL
#define CKM_SM3_HMAC 0x80009002UL         /* CKK_GENERIC_SECRET; 32 bytes out */
#define CKK_SM4 0x80000106UL              /* 16 bytes */
#define CKM_SM4_KEY_GEN 0x80000107UL
#define CKM_SM4_ECB 0x80000108UL          /* whole blocks of 16 bytes */
#define CKM_SM4_CBC 0x80000109UL          /* the same; parameter: the IV, 16 bytes */

/* Errors that no CKR_ fits. */
#define CKR_BJCA_REFUSED 0x80424A01UL      /* the platform's message says no, or isn't for this key */
#define CKR_BJCA_KEY_CHANGED 0x80424A02UL  /* unplugged, reset or too slow: begin again */
#define CKR_BJCA_NO_ROOM 0x80424A03UL      /* no room for this renewal */
#define CKR_BJCA_ADMIN_LOW 0x80424A04UL    /* fewer than 4 administrator tries: not risked */
#define CKR_BJCA_PROOF 0x80424A05UL        /* certificates or keys that don't belong together or don't work */
#define CKR_BJCA_UNKNOWN_NAME 0x80424A06UL /* no container or file of this name */

#define CK_BJCA_NAME_MAX 64      /* longest container name, in bytes */
#define CK_BJCA_RENEWABLE_MAX 44 /* longest name of a container that can be renewed; no '~' in it */
#define CK_BJCA_MESSAGE_MAX 4096

/* --- last error --------------------------------------------------------------------------------*/
typedef struct CK_BJCA_ERROR {
    CK_ULONG ulSize;
    CK_RV rv;            /* of this thread's last vendor or C_ call that failed, GetError apart */
    CK_ULONG statusWord; /* the key's answer, 0 when the key wasn't asked */
    CK_ULONG triesLeft;  /* CK_UNAVAILABLE_INFORMATION when unknown */
    CK_UTF8CHAR text[256]; /* one English sentence, NUL-terminated, no secrets */
} CK_BJCA_ERROR;

/* --- status ------------------------------------------------------------------------------------*/
#define CKF_BJCA_USER_PIN_DEFAULT 0x1UL  /* the user PIN is still the factory's */
#define CKF_BJCA_ADMIN_PIN_DEFAULT 0x2UL
#define CKF_BJCA_USER_LOCKED 0x4UL
#define CKF_BJCA_ADMIN_LOCKED 0x8UL
#define CKF_BJCA_LOGGED_IN 0x10UL        /* this process is logged in */
#define CKF_BJCA_RENEWAL_PENDING 0x20UL  /* a staged generation is on the key */
#define CKF_BJCA_EMPTY 0x40UL            /* no application: nothing but serial, label, maker, dialect
                                          * and free space is known; only said on a machine that
                                          * produces keys, else CKR_TOKEN_NOT_RECOGNIZED */

typedef struct CK_BJCA_STATUS {
    CK_ULONG ulSize;
    CK_FLAGS flags;
    CK_ULONG userTriesLeft, userTriesMax;
    CK_ULONG adminTriesLeft, adminTriesMax;
    CK_ULONG pinMin, pinMax;             /* length of a user PIN */
    CK_UTF8CHAR serial[33];              /* all NUL-terminated */
    CK_UTF8CHAR label[33];
    CK_UTF8CHAR manufacturer[65];
    CK_UTF8CHAR dialect[17];             /* "gmt0017", "longmai" */
    CK_UTF8CHAR application[49];
    CK_ULONG freeSpace;                  /* bytes */
} CK_BJCA_STATUS;

/* Which key pair or certificate of a container. */
#define CK_BJCA_SIGNING 1UL
#define CK_BJCA_ENCRYPTION 0UL

/* What a generation of a container is. */
#define CK_BJCA_CURRENT 0UL
#define CK_BJCA_HISTORY 1UL
#define CK_BJCA_STAGED 2UL

typedef struct CK_BJCA_CONTAINER {
    CK_ULONG ulSize;                     /* of each element */
    CK_UTF8CHAR name[CK_BJCA_NAME_MAX + 1];
    CK_ULONG generation;
    CK_ULONG role;                       /* CURRENT, HISTORY, STAGED */
    CK_KEY_TYPE keyType;                 /* CKK_RSA, CKK_SM2; CK_UNAVAILABLE_INFORMATION when empty */
    CK_ULONG keyBits;
    CK_BBOOL hasSigningKey, hasSigningCert, hasEncryptionKey, hasEncryptionCert;
    CK_BYTE id[20];                      /* CKA_ID of the signing identity; of the current or history object */
    CK_ULONG idLen;
    CK_ULONG slotID;                     /* where its objects are; CK_UNAVAILABLE_INFORMATION: of
                                          * SM2, where bjca.conf says `sm2-slots = no` */
    /* Of a certificate: GeneralizedTime in UTC as X.509 has it, "20271231235959Z" and NUL. Empty:
     * none, or a staged one, or none that can be read. */
    CK_UTF8CHAR signNotBefore[16], signNotAfter[16], encNotBefore[16], encNotAfter[16];
} CK_BJCA_CONTAINER;

/* --- unlock ------------------------------------------------------------------------------------*/
typedef CK_ULONG CK_BJCA_UNLOCK; /* a handle; 0 is none */

/* --- renewal -----------------------------------------------------------------------------------*/
#define CKF_BJCA_KEEP_KEY 0x1UL /* new certificates for the key pairs that are there */

typedef struct CK_BJCA_RENEW_PARAMS {
    CK_ULONG ulSize;
    CK_FLAGS flags;
    CK_KEY_TYPE keyType;  /* CKK_RSA (2048 bits) or CKK_SM2; for a NAME that is there: its type */
    CK_BYTE *subject;     /* DER Name for the PKCS#10 (else CKR_ARGUMENTS_BAD); NULL: that of the current certificate,
                           * for a new NAME its name as common name */
    CK_ULONG subjectLen;
} CK_BJCA_RENEW_PARAMS;

/* How far a renewal (or the first issue) of a container has come. */
#define CK_BJCA_RENEW_NONE 0UL      /* nothing staged */
#define CK_BJCA_RENEW_STARTED 1UL   /* container made, no key yet */
#define CK_BJCA_RENEW_KEY 2UL       /* signing key made: ask for certificates */
#define CK_BJCA_RENEW_PARTIAL 3UL   /* some of certificates and encryption key loaded: load again */
#define CK_BJCA_RENEW_LOADED 4UL    /* all loaded: prove and commit */

typedef struct CK_BJCA_RENEW_STATE {
    CK_ULONG ulSize;
    CK_ULONG state;
    CK_FLAGS flags;             /* CKF_BJCA_KEEP_KEY */
    CK_ULONG currentGeneration; /* CK_UNAVAILABLE_INFORMATION: the name is new */
    CK_ULONG stagedGeneration;  /* valid when state isn't NONE */
    CK_KEY_TYPE keyType;
} CK_BJCA_RENEW_STATE;

typedef struct CK_BJCA_LOAD {
    CK_ULONG ulSize;
    CK_BYTE *signCert;     /* DER */
    CK_ULONG signCertLen;
    CK_BYTE *encCert;      /* DER; NULL: a container with a signing pair only, without envelope */
    CK_ULONG encCertLen;
    CK_BYTE *envelope;     /* the encryption key pair, docs/formats.md clause 3 */
    CK_ULONG envelopeLen;
    CK_BYTE *chain;        /* DER certificates of the CA, one behind the other, issuer first, root last; */
    CK_ULONG chainLen;     /* NULL: the chain isn't checked */
    CK_UTF8CHAR *sm2Id;    /* the signer's ID in the chain's SM2 signatures, as the CA tells it: 1 to 64 */
    CK_ULONG sm2IdLen;     /* visible ASCII characters; NULL: as bjca.conf has it. The usual one,
                            * 1234567812345678, is always taken, too */
} CK_BJCA_LOAD;

typedef struct CK_BJCA_ROOM {
    CK_ULONG ulSize;
    CK_BBOOL fits;              /* a new generation fits */
    CK_BBOOL fitsKeepingKey;    /* so do new and old certificates in the save file */
    CK_ULONG oldestHistory;     /* generation that could be deleted; CK_UNAVAILABLE_INFORMATION none */
    CK_ULONG containersLeft, filesLeft, bytesLeft;
} CK_BJCA_ROOM;

/* --- files --------------------------------------------------------------------------------------*/
#define CK_BJCA_FILE_NAME_MAX 32
#define CK_BJCA_FILE_MAX 65535

/* Who may read or write a file: one of these, or ADMIN | USER. */
#define CK_BJCA_RIGHT_NEVER 0x00UL
#define CK_BJCA_RIGHT_ADMIN 0x01UL
#define CK_BJCA_RIGHT_USER 0x10UL
#define CK_BJCA_RIGHT_ANYONE 0xffUL

/* --- production ---------------------------------------------------------------------------------*/
#define CKF_BJCA_ERASE 0x1UL /* an application of this name goes first, with all that is in it */

typedef struct CK_BJCA_PERSONALISE {
    CK_ULONG ulSize;
    CK_FLAGS flags;
    CK_BYTE *deviceKey;        /* the key's device authentication key as it is now, 16 bytes */
    CK_ULONG deviceKeyLen;
    CK_BYTE *newDeviceKey;     /* the one to come, 16 bytes; NULL: it stays */
    CK_ULONG newDeviceKeyLen;
    CK_UTF8CHAR *label;        /* of the key, 1 to 31 bytes with NUL behind; NULL: it stays */
    CK_UTF8CHAR *application;  /* 1 to 32 bytes with NUL behind; NULL: that of the one that is there,
                                * else as bjca.conf says */
    CK_UTF8CHAR *adminPin;     /* 6 to 16 bytes */
    CK_ULONG adminPinLen;
    CK_UTF8CHAR *userPin;      /* 6 to 16 bytes */
    CK_ULONG userPinLen;
    CK_ULONG adminTries;       /* 1 to 15; 0: 10 */
    CK_ULONG userTries;
    CK_ULONG containers;       /* how many the application may hold; 0: as many as the key */
    CK_ULONG certificates;
    CK_ULONG files;
} CK_BJCA_PERSONALISE;

/* Called between exchanges with the key; anything but CKR_OK stops with CKR_FUNCTION_CANCELED at
 * the next place where nothing is lost. done of total steps are over; not every number comes, and
 * that the last one is over is, as a rule, only said by the function's return. No call back into the
 * module: it would be CKR_FUNCTION_FAILED. */
typedef CK_RV (*CK_BJCA_PROGRESS)(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total);

typedef struct CK_BJCA_FUNCTION_LIST {
    CK_VERSION version;

    /* The details of this thread's last failure; CKR_OK also when there was none (rv CKR_OK). */
    CK_RV (*BJCA_GetError)(CK_BJCA_ERROR *error);
    /* One call for a tool's status line. No session is needed. */
    CK_RV (*BJCA_GetStatus)(CK_SLOT_ID slotID, CK_BJCA_STATUS *status);
    /* All containers of the key, of both its slots, history and staged ones too. ulSize of each
     * element says then how much of it the module has filled in. */
    CK_RV (*BJCA_GetContainers)(CK_SLOT_ID slotID, CK_BJCA_CONTAINER *list, CK_ULONG *count);
    /* A certificate in DER; which is SIGNING or ENCRYPTION. */
    CK_RV (*BJCA_GetCertificate)(CK_SLOT_ID slotID, const CK_UTF8CHAR *name, CK_ULONG generation,
                                 CK_ULONG which, CK_BYTE *cert, CK_ULONG *certLen);
    /* Whether the key would take it as a new user PIN (CKR_PIN_LEN_RANGE, CKR_PIN_INVALID);
     * nothing is sent. */
    CK_RV (*BJCA_CheckPIN)(CK_SLOT_ID slotID, const CK_UTF8CHAR *pin, CK_ULONG pinLen);

    /* Unlock, docs/formats.md clause 4. No log-in; works on a locked key. Begin holds the key (all
     * other calls on it get CKR_DEVICE_ERROR, "busy" in BJCA_GetError) until Step says done,
     * Cancel, a failure, or 15 seconds without a Step (where the program forbids the module to make
     * threads, the first call after them). request needs room for CK_BJCA_MESSAGE_MAX bytes. Begin
     * refuses with CKR_BJCA_ADMIN_LOW below 4 administrator tries. Step takes the platform's answer
     * and the user's new PIN (checked against the rules before anything is sent; the same in every
     * Step), and gives the next request. *done = CK_TRUE says that the key is finished and free
     * again and has the new PIN: request is then the report (`proof`) for the platform, which may
     * be sent later, and again, until the platform accepts it; its answer needn't come back here.
     * After *done, and after a failure, the handle is gone (Step and Cancel say
     * CKR_BJCA_KEY_CHANGED of it), and after a failure the key was reset. Only what Step refuses
     * before it looks at the answer leaves the unlock as it was, to be stepped again or cancelled:
     * CKR_PIN_LEN_RANGE, CKR_PIN_INVALID, CKR_ARGUMENTS_BAD, CKR_BUFFER_TOO_SMALL. */
    CK_RV (*BJCA_UnlockBegin)(CK_SLOT_ID slotID, CK_BJCA_UNLOCK *unlock, CK_BYTE *request,
                              CK_ULONG *requestLen);
    CK_RV (*BJCA_UnlockStep)(CK_BJCA_UNLOCK unlock, const CK_BYTE *answer, CK_ULONG answerLen,
                             const CK_UTF8CHAR *newPin, CK_ULONG newPinLen, CK_BYTE *request,
                             CK_ULONG *requestLen, CK_BBOOL *done);
    CK_RV (*BJCA_UnlockCancel)(CK_BJCA_UNLOCK unlock);

    /* Renewal in place, and the first issue of a NAME that isn't there yet. By session (logged in,
     * of either slot of the key) and NAME; what has been done is read from the key each time, so
     * any process may go on where another was cut. Order: Begin, Request, Load, Prove, Commit. Begin,
     * Load, Commit, Abort and DeleteHistory want a read-write session (CKR_SESSION_READ_ONLY). */
    CK_RV (*BJCA_RenewRoom)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name,
                            CK_BJCA_RENEW_PARAMS *params, CK_BJCA_ROOM *room);
    CK_RV (*BJCA_RenewState)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name,
                             CK_BJCA_RENEW_STATE *state);
    /* Makes the staged container and its signing key; does nothing when they are there. With
     * CKF_BJCA_KEEP_KEY it makes nothing; Begin and Load refuse (CKR_BJCA_NO_ROOM) where the old
     * and new certificates can't be saved on the key first: a cut could leave it without one. What
     * was begun goes on as BJCA_RenewState says, or is given up by Abort: with the other flag Begin
     * refuses (CKR_FUNCTION_FAILED). CKR_ARGUMENTS_BAD: another keyType than the current pair's, or
     * a new NAME with control characters, or whose CKA_ID something else in the slot has. */
    CK_RV (*BJCA_RenewBegin)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name,
                             CK_BJCA_RENEW_PARAMS *params, CK_BJCA_PROGRESS progress,
                             CK_VOID_PTR context);
    /* The PKCS#10 of the staged (or kept) signing key, signed by it. A NULL buffer gets an upper
     * bound, and so does one that is too small: an SM2 signature isn't as long as the one before. */
    CK_RV (*BJCA_RenewRequest)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name,
                               CK_BJCA_RENEW_PARAMS *params, CK_BYTE *request,
                               CK_ULONG *requestLen);
    /* Checks the certificates (key, chain, validity, usage) and writes them and the encryption key
     * to the staged container. May be called again with the same after a cut. */
    CK_RV (*BJCA_RenewLoad)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name, CK_BJCA_LOAD *load,
                            CK_BJCA_PROGRESS progress, CK_VOID_PTR context);
    /* Reads all back, signs and verifies, decrypts a probe; with nothing staged of the current
     * generation. Prove and Commit say CKR_BJCA_UNKNOWN_NAME where there is neither. */
    CK_RV (*BJCA_RenewProve)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name);
    /* The one write after which the staged generation is the current one. With nothing staged it
     * writes nothing and says CKR_OK: a run that was cut after it has only to be told so. */
    CK_RV (*BJCA_RenewCommit)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name);
    /* Deletes what is staged; the current generation stays. Of kept keys whose new certificates are
     * both written it takes nothing back: that commit has happened. With nothing
     * staged, of a NAME that isn't there, too, it is CKR_OK. A NAME with a signing pair and no
     * certificate is a first issue, and goes as a whole where Begin has made the pair in this process,
     * as its last one. Any other such pair could be C_GenerateKeyPair's: CKR_ACTION_PROHIBITED, and
     * it goes by BJCA_DeleteContainer. */
    CK_RV (*BJCA_RenewAbort)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name);
    /* Deletes a history generation; its encryption key is gone for good. */
    CK_RV (*BJCA_DeleteHistory)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name,
                                CK_ULONG generation);

    /* From here on of version 1.1; in 1.0 CKR_FUNCTION_NOT_SUPPORTED. */

    /* Makes a key ready for use: device authentication, label, new device key, and last the
     * application with its two PINs, which ends an empty key's being empty. Only where bjca.conf
     * says `production-station = yes` (else CKR_FUNCTION_NOT_SUPPORTED), and with no session open
     * on the key (CKR_SESSION_EXISTS). params is a CK_BJCA_PERSONALISE; all of it is checked before the key
     * is asked for anything: CKR_ARGUMENTS_BAD, CKR_PIN_LEN_RANGE, CKR_PIN_INVALID (characters).
     * CKR_PIN_INCORRECT is a wrong device key, which costs one of its tries and isn't sent again to
     * this key until it is plugged in anew; CKR_PIN_LOCKED: it has none left. Any application that
     * is there is CKR_ACTION_PROHIBITED without CKF_BJCA_ERASE, which deletes the one of this name
     * (without a name: the one that the module opens, whose name stays). The PINs travel in clear
     * (GM/T 0017 has it so): personalise on a machine and a reader that are yours. After a cut call
     * again; once newDeviceKey is set it is the deviceKey of the next call. */
    CK_RV (*BJCA_Personalise)(CK_SLOT_ID slotID, CK_VOID_PTR params);

    /* The key's files, but for those that the module keeps for itself ("BJCAP11..."): List doesn't
     * show them, and Read, Write, Create and Delete say CKR_ACTION_PROHIBITED. Names are UTF-8 with
     * NUL, 1 to 32 bytes. Read, Write and Delete say CKR_BJCA_UNKNOWN_NAME without such a file.
     * What the file's rights don't allow to Read or Write is CKR_USER_NOT_LOGGED_IN where a log-in
     * helps, else CKR_ACTION_PROHIBITED. Write, Create and Delete need a log-in
     * (CKR_USER_NOT_LOGGED_IN) and a read-write session (CKR_SESSION_READ_ONLY). Data objects made
     * by C_CreateObject are not found here: their files are the module's. */

    /* All names, each with its NUL, one behind the other; namesLen counts all bytes. */
    CK_RV (*BJCA_ListFiles)(CK_SESSION_HANDLE hSession, CK_BYTE *names, CK_ULONG *namesLen);
    /* Reads from offset what *dataLen has room for and sets it to what was read, less at the end of
     * the file: no CKR_BUFFER_TOO_SMALL. NULL asks for the bytes from offset to the end. An offset
     * behind the end is CKR_DATA_LEN_RANGE. */
    CK_RV (*BJCA_ReadFile)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name, CK_ULONG offset,
                           CK_BYTE *data, CK_ULONG *dataLen);
    /* Within the file's size, which doesn't change: else CKR_DATA_LEN_RANGE, and nothing is
     * written. Up to 1,024 bytes are one command; a longer write that is cut may leave a part. */
    CK_RV (*BJCA_WriteFile)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name, CK_ULONG offset,
                            const CK_BYTE *data, CK_ULONG dataLen);
    /* Of 1 to 65,535 bytes, all zero; rights are CK_BJCA_RIGHT_. CKR_FUNCTION_FAILED: the name is
     * taken; CKR_DEVICE_MEMORY: no room. */
    CK_RV (*BJCA_CreateFile)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name, CK_ULONG size,
                             CK_ULONG readRights, CK_ULONG writeRights);
    /* With what is in it. */
    CK_RV (*BJCA_DeleteFile)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name);

    /* An empty container, name 1 to 44 bytes of UTF-8 without `~` or control characters (else
     * CKR_ARGUMENTS_BAD); BJCA_RenewBegin makes its own. Nothing stays of an earlier one that had
     * this name and is gone: generation 0, no labels. Create and Delete need a log-in
     * (CKR_USER_NOT_LOGGED_IN) and a read-write session (CKR_SESSION_READ_ONLY).
     * CKR_FUNCTION_FAILED: there is one, of any generation; CKR_DEVICE_MEMORY: no room. */
    CK_RV (*BJCA_CreateContainer)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name);
    /* The current generation, as long as it is no identity: empty, or a signing key without
     * certificate. CKR_ACTION_PROHIBITED for one with a certificate, one set aside for it, or an
     * encryption key: a current identity is never deleted. History goes by BJCA_DeleteHistory, what
     * is staged by BJCA_RenewAbort. */
    CK_RV (*BJCA_DeleteContainer)(CK_SESSION_HANDLE hSession, const CK_UTF8CHAR *name);
} CK_BJCA_FUNCTION_LIST;

#ifdef __cplusplus
}
#endif

#endif

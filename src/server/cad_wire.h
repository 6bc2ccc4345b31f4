/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the platform and the CA process: a Unix socket, on each connection one exchange behind
 * the other. Who has nothing to ask may keep the connection; the CA closes one that is idle for
 * BK_CAD_IDLE_S or up to twice as long. A frame is a 4-byte big-endian length and that many bytes
 * of BER-TLV elements, one behind the other.
 *
 * Request: 81 operation, 82 algorithm (1 RSA, 2 SM2), and
 *   issue: a signing certificate by 85 PKCS#10, an encryption certificate for 86
 *          SubjectPublicKeyInfo, or both, for the same 84 subject (Name, DER), 87 and 88 first and
 *          last second of validity (8 bytes each, seconds since 1970), 89 URL of the revocation
 *          list, 90 URL of the OCSP responder (both may be left out), 91 whose certificate it is,
 *          for the profile's identity extensions (UTF-8, may be left out),
 *          8D serial number of each (20 bytes, positive, the first not 0), signing first, which the
 *          platform has written down before, so that it can revoke whatever becomes of the answer;
 *          one that was used is refused (BK_EEXISTS)
 *   crl:   8A number (8 bytes), 8B second of the next update (8 bytes), 92 bytes of all entries of
 *          the list together (8 bytes); then frames of 8C, one for each revoked certificate: serial
 *          number (20 bytes), second (8 bytes), reason (1 byte), until an empty frame. The
 *          CA writes the entries itself and signs over them as they go by, so that it holds none,
 *          and answers what stands before and behind them; who asked writes the same between.
 *   ocsp:  8B second of the next update (8 bytes), 8E one for each certificate: state (0 good,
 *          1 revoked, 2 unknown), second of its revocation (8 bytes), reason (1 byte), CertID
 *          (DER); 8F nonce (may be left out)
 * Answer: 81 error (0 none, else an enum bk_err), 82 results: a certificate each, signing first; of
 * `chain` issuing certificate, root, and the ID in SM2 signatures (ASCII); of `crl` head and tail;
 * an OCSP response.
 */
#ifndef BK_SERVER_CAD_WIRE_H
#define BK_SERVER_CAD_WIRE_H

#include "base/buf.h"

/* A certificate's longest life, from now on, in seconds. */
#define BK_CAD_LEAF_S (INT64_C(6) * 365 * 86400)

#define BK_CAD_IDLE_S 5
#define BK_CAD_IDENTITY 128u /* bytes at most */
#define BK_CAD_FRAME_MAX ((size_t)1024 * 1024)
#define BK_CAD_ENTRIES 2048u /* of a revocation list in one frame */

enum bk_cad_op { BK_CAD_CHAIN = 1, BK_CAD_ISSUE = 2, BK_CAD_CRL = 3, BK_CAD_OCSP = 4 };

/* BK_ENET when the other side is gone, BK_ETIMEOUT after the socket's own timeout; BK_ERESET: it is
 * gone and hasn't read the last bytes that were sent, which therefore came to nothing. */
enum bk_err bk_cad_send(int fd, const struct bk_buf *frame) BK_MUST_CHECK;
/* ahead: what was read before its turn, empty at first; the same for all frames of an exchange. */
enum bk_err bk_cad_receive(int fd, struct bk_buf *ahead, struct bk_buf *frame) BK_MUST_CHECK;
/* Connects to, or listens at, a path of any length; close-on-exec, 30 seconds a read or write.
 * BK_ENOTFOUND: nobody listens there. */
enum bk_err bk_cad_connect(const char *path, int *fd) BK_MUST_CHECK;
/* mode: of the socket. */
enum bk_err bk_cad_listen(const char *path, unsigned mode, int *fd) BK_MUST_CHECK;

#endif

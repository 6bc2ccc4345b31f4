/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Session keys (A0, C4) and what is done with them: encryption (A4 to AA), decryption (AC to B2),
 * MACs (BC to C2), and digests (B4 to BA). The layouts that GM/T 0017 texts at hand leave open are
 * this key's own:
 *
 *   A0  A2 ‖ C2 ‖ algorithm4 ‖ wrapped key, opened with the encryption private key
 *         RSA: L4 ‖ RSAES-PKCS1-v1_5;  SM2: X32 ‖ Y32 ‖ HASH32 ‖ L4 ‖ cipher      → key id 2
 *   A4 AC BC  A2 ‖ C2 ‖ key id2 ‖ algorithm4 ‖ L4 ‖ IV [‖ padding4: 0 none, 1 PKCS#7]
 *   A6 AE BE, A8 B0 C0, AA B2 C2  A2 ‖ C2 ‖ key id2 ‖ data                        → bytes
 *   B4  P2 1 SM3, 2 SHA-1, 4 or 3 SHA-256; data none, or bits4 ‖ X32 ‖ Y32 ‖ L4 ‖ id (SM3 with Z)
 *   B6 BA  data                                                                 → L4 ‖ digest
 *
 * Algorithms: SM4 in ECB 401, CBC 402, MAC 410 (CBC-MAC, last block, whole blocks only).
 */
#ifndef BK_VKEY_CRYPT_H
#define BK_VKEY_CRYPT_H

struct vk_cipher_run;
void vk_cipher_run_free(struct vk_cipher_run **run);

#endif
